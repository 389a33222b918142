import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'
import { defects } from './defects.ts'
import { operationNames, operationOf } from './operations/table.ts'
import { search } from './search.ts'

const help = `npm run histories [-- options]

Lets several callers use the service at once, with faults on the way to DynamoDB, and looks for a history that could
not have happened one call at a time. Exits 1 if there is one, and prints the smallest that was found.

  --histories N     10000 unless given
  --seed N          repeats the programs of a run; random unless given
  --path PATH       with --seed, only the history that a run printed with this path
  --only NAMES      only these operations, such as "read,update"
  --defect TEXT     with a store that is broken on purpose, whose name contains this

Operations: ${operationNames.join(', ')}
Defects: ${defects.map(({ name }) => name).join(', ')}`

const { values: options } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    path: { type: 'string' },
    only: { type: 'string' },
    defect: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const only = options.only?.split(',').map((name) => operationOf(name.trim()).name)
const defect = defects.find(({ name }) => options.defect && name.includes(options.defect))

async function run(histories: number, seed: number): Promise<void> {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'eu-central-1',
  })
  console.log(`seed ${seed}, ${histories} histories`)
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  const begin = Date.now()
  let done = 0
  const onHistory = () => {
    done += 1
    const isShown = process.stderr.isTTY ? done % 20 === 0 : done % 1_000 === 0
    if (isShown)
      process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : '\n'}${done} histories`)
  }
  try {
    const { endpoint } = dynamodb
    const found = await search({
      endpoint,
      histories,
      seed,
      shrinks: true,
      onHistory,
      path: options.path,
      ...(only && { only }),
      ...(defect && { defect }),
    })
    const { user, system } = process.cpuUsage()
    const seconds = `${((Date.now() - begin) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`
    console.log(`\n${found.histories} histories, ${found.calls} calls, ${seconds}`)
    if (found.impossible === undefined) console.log('Each could have happened one call at a time.')
    else {
      console.log(`This one could not have happened one call at a time:\n${found.impossible}`)
      const more = [
        options.only && `--only "${options.only}"`,
        defect && `--defect "${defect.name}"`,
      ]
      const repeated = [`--seed ${seed} --path ${found.path}`, ...more].filter(Boolean).join(' ')
      console.log(`Repeat: npm run histories -- ${repeated}`)
      process.exitCode = 1
    }
  } finally {
    await dynamodb.close()
  }
}

if (options.help) console.log(help)
else {
  const [histories, seed] = [Number(options.histories), Number(options.seed)]
  if (!Number.isSafeInteger(histories) || histories < 1 || !Number.isSafeInteger(seed)) {
    console.error('--histories and --seed take whole numbers')
    process.exit(1)
  }
  await run(histories, seed)
}
