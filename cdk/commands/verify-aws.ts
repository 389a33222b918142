import { Command, InvalidArgumentError } from 'commander'
import { questions } from './verify-aws/questions.ts'
import { openStage } from './verify-aws/stage.ts'

/** Checks what the service relies on and AWS does not document, against a deployed stage. */
export const verifyAws = new Command('verify-aws')
  .description(
    'Checks against a deployed stage what AWS does not document, and prints the findings. Run it once, against a stage that nobody uses.',
  )
  .argument('<url>', "the stack's output Url")
  .option('--burst <requests>', 'send this many requests at once, to see one throttled', whole, 0)
  .addHelpText(
    'after',
    `
With the master token in the environment variable MASTER_TOKEN, it issues one initial access token, registers one
client and deletes it. It exits with 1 if AWS behaves differently from what the service relies on.`,
  )
  .action(async (url: string, { burst }: { readonly burst: number }) => {
    if (!URL.canParse(url))
      throw new Error(`${url}: expected a URL, such as the stack's output Url`)
    // An empty variable, as after a failed command substitution, counts as unset.
    const masterToken = process.env.MASTER_TOKEN || undefined
    const stage = await openStage(url, { masterToken, burst })
    for (const { asks, expects, ask } of questions) {
      const { verdict, seen } = await ask(stage)
      process.stdout.write(`${asks}\n  expected  ${expects}\n  seen      ${seen}\n  ${verdict}\n\n`)
      if (verdict === 'differs') process.exitCode = 1
    }
  })

function whole(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number up to 99999')
  return Number(text)
}
