import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'
import { jwksOperations } from './jwks.ts'
import {
  columns,
  jwksColumns,
  operations,
  type Row,
  tryOperation,
  tryWithoutKeys,
} from './table.ts'
import { openWorld } from './world.ts'

const help = `npm run faults [-- <part of an operation's name>]

Lets each call to DynamoDB and Secrets Manager of each operation meet each fault, and prints what the caller sees:
the status, and after 503 the status of the same request once the fault has ended. A cell lists the calls of the
operation in their order. Of a listing's queries, which are sent at once, the first and the last are tried.
"killed after it" shows only the status of the same request at another instance.
Then lets each operation that needs an issuer's keys meet each fault of the endpoint that serves them.

Exits 1 where an operation took effect in part or twice, where credentials of a client cannot be had,
where a response is neither a success nor 503 with Retry-After, or where a cell is empty. Takes a few minutes.`

let broken = 0

if (process.argv.includes('--help')) console.log(help)
else await printTable(process.argv[2] ?? '')

async function printTable(part: string): Promise<void> {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'eu-central-1',
  })
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  const world = await openWorld(dynamodb.endpoint)
  try {
    const chosen = operations.filter(({ name }) => name.includes(part))
    for (const operation of chosen) print(await tryOperation(operation, world), columns)
    if (part === '')
      for (const operation of jwksOperations)
        print(await tryWithoutKeys(operation, world), jwksColumns)
  } finally {
    await world.close()
    await dynamodb.close()
  }
  console.log(broken === 0 ? '\nEvery promise is kept.' : `\n${broken} cells are BROKEN.`)
  if (broken > 0) process.exitCode = 1
}

/** Prints an operation and its cells, one a line. */
function print({ operation, calls, cells }: Row, titles: readonly string[]): void {
  console.log(`\n${operation}\n  ${''.padEnd(29)}${calls.join(' · ')}`)
  for (const title of titles) {
    const own = cells.filter(({ column, seen }) => column === title && seen !== '')
    if (own.length < calls.length || own.some(({ problems }) => problems.length > 0)) broken += 1
    console.log(`  ${title.padEnd(29)}${own.map(({ seen }) => seen).join(' · ')}`)
    for (const { call, problems } of own)
      for (const problem of problems) console.log(`    BROKEN at ${call}: ${problem}`)
  }
}
