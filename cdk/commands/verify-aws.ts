import { Command, InvalidArgumentError } from 'commander'
import { describeError } from './cli-error.ts'
import { questions } from './verify-aws/questions.ts'
import { openStage } from './verify-aws/stage.ts'

const command = new Command('npm run verify:aws --')
  .description(
    'Asks a deployed stage what AWS documents nowhere, and prints what it did. Run it once, against a stage of your own that nobody uses.',
  )
  .argument('<url>', "the stack's output Url")
  .option('--burst <requests>', 'send so many requests at once, to see one throttled', whole, 0)
  .addHelpText(
    'after',
    `
With the master token in the environment variable MASTER_TOKEN one initial access token is issued, and one client is
registered and deleted. Ends with 1 where AWS does otherwise than the service relies on.`,
  )
  .parse()

const [url = ''] = command.args
const { burst } = command.opts<{ readonly burst: number }>()

function whole(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number up to 99999')
  return Number(text)
}

try {
  if (!URL.canParse(url)) throw new Error(`${url}: expected a URL, such as the stack's output Url`)
  // An empty variable, as after a failed command substitution, counts as unset.
  const masterToken = process.env.MASTER_TOKEN || undefined
  const stage = await openStage(url, { masterToken, burst })
  for (const { asks, expects, ask } of questions) {
    const { verdict, seen } = await ask(stage)
    process.stdout.write(`${asks}\n  expected  ${expects}\n  seen      ${seen}\n  ${verdict}\n\n`)
    if (verdict === 'differs') process.exitCode = 1
  }
} catch (error) {
  command.error(`error: ${describeError(error)}`)
}
