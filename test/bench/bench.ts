import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { clientKey } from '../../lib/adapters/dynamodb/table.ts'
import { composeServer } from '../support/compose.ts'
import { createTable } from '../support/table.ts'
import { type Budget, budgets, rotating } from './budgets.ts'
import { measureBundles } from './bundles.ts'
import { compare } from './compare/compare.ts'
import { importing } from './import.ts'
import { type Cost, meter } from './meter.ts'
import { scale } from './scale.ts'
import { storedSize } from './stored-size.ts'
import { validationCpu } from './validation.ts'

const help = `npm run bench [-- --counted | --compare | --scale | --import]

Prints what each operation costs in DynamoDB requests and capacity units, the stored size of an ordinary client,
and the bytes and import time of each Lambda bundle. Exits 1 where a budget is broken.

  --counted   only what is counted, nothing that is timed
  --compare   instead, CPU, latency and cold start beside oidc-provider as a Lambda and a bare put; exits 1 where a
              goal is missed (minutes)
  --scale     instead, requests, units and time of each operation with 100 and with 100,000 stored clients; exits 1
              where requests or units differ (minutes)
  --import    instead, the time to export and to import 10,000 clients; exits 1 where the import takes more than two
              minutes, or the clients differ (minutes)`

const itemBudget = 1024
const found = { name: true, redirectHost: true }
const importBudget = 1.3
const cpuBudget = 0.15

let broken = 0

/** Prints a row, and notes a broken budget. */
function row(cells: readonly (string | number)[], holds: boolean): void {
  if (!holds) broken += 1
  const [first = '', ...others] = cells.map(String)
  console.log(
    `  ${first.padEnd(40)}${others.map((cell) => cell.padStart(12)).join('')}  ${holds ? '' : 'BROKEN'}`,
  )
}

async function counted(): Promise<void> {
  process.env.AWS_ACCESS_KEY_ID = 'local'
  process.env.AWS_SECRET_ACCESS_KEY = 'local'
  process.env.AWS_REGION = 'eu-central-1'
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  try {
    const TableName = await createTable(dynamodb.endpoint)
    const documents = documentClient({ endpoint: dynamodb.endpoint })
    const measure = meter(documents)

    console.log(
      'DynamoDB, per operation (counted at the SDK; budget in brackets; a rejected write counts 1 unit)',
    )
    row(['', 'requests', 'write units', 'read units', 'index units'], true)
    for (const { operation, settings = {}, prepare, ...budget } of budgets) {
      const work = await prepare(composeServer(documents, TableName, settings))
      const cost = await measure(work)
      row([operation, ...cells(cost, budget)], holds(cost, budget))
    }

    const item = async (client_id: string) =>
      (await documents.send(new GetCommand({ TableName, Key: clientKey(client_id) }))).Item ?? {}
    console.log('\nStored size of an ordinary client after one rotation')
    for (const [name, settings] of [
      ['bytes', rotating],
      ['bytes, found by name and redirect host', { ...rotating, findClientsBy: found }],
    ] as const) {
      const bytes = await storedSize(composeServer(documents, TableName, settings), item)
      row([name, `${bytes} [${itemBudget}]`], bytes <= itemBudget)
    }
  } finally {
    await dynamodb.close()
  }
}

type Limits = Pick<Budget, 'roundTrips' | 'writeUnits' | 'readUnits'>

const holds = (cost: Cost, { roundTrips, writeUnits, readUnits = Infinity }: Limits) =>
  cost.roundTrips <= roundTrips &&
  cost.writeUnits + cost.rejectedWrites <= writeUnits &&
  cost.readUnits <= readUnits

const cells = (
  { rejectedWrites, ...cost }: Cost,
  { roundTrips, writeUnits, readUnits }: Limits,
) => [
  `${cost.roundTrips} [${roundTrips}]`,
  `${cost.writeUnits + rejectedWrites} [${writeUnits}]`,
  readUnits === undefined ? cost.readUnits : `${cost.readUnits} [${readUnits}]`,
  cost.indexUnits,
]

async function timed(): Promise<void> {
  const cpu = validationCpu()
  console.log('\nJudging the metadata of an ordinary registration')
  row(['ms of CPU', `${cpu.toFixed(3)} [${cpuBudget}]`], cpu <= cpuBudget)

  const runs = 15
  const bundles = await measureBundles(runs, (done) =>
    process.stderr.write(`\r  import run ${done} of ${runs} `),
  )
  process.stderr.write('\r\x1b[K')
  const [baseline] = bundles
  console.log(
    `\nBundles (import in a fresh process, median of ${runs} alternating runs; ratio to the baseline in brackets: at most ${importBudget})`,
  )
  row(['', 'kB', 'import ms', 'ratio'], true)
  for (const { name, bytes, importMs } of bundles) {
    const ratio = importMs / (baseline?.importMs ?? Number.NaN)
    row(
      [name, (bytes / 1000).toFixed(0), importMs.toFixed(1), ratio.toFixed(2)],
      ratio <= importBudget,
    )
  }
}

const [option] = process.argv.slice(2)
if (option === '--help') console.log(help)
else if (option === '--compare') {
  if (!(await compare())) process.exitCode = 1
} else if (option === '--scale') {
  if (!(await scale())) process.exitCode = 1
} else if (option === '--import') {
  if (!(await importing())) process.exitCode = 1
} else if (option !== undefined && option !== '--counted') {
  console.error(
    `unknown option; the only ones are --counted, --compare, --scale, --import and --help`,
  )
  process.exitCode = 1
} else {
  await counted()
  if (option !== '--counted') await timed()
  console.log(broken === 0 ? '\nEvery budget holds.' : `\n${broken} broken.`)
  if (broken > 0) process.exitCode = 1
}
