import {
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb'
import { Command } from 'commander'
import { indexClients } from '../../lib/adapters/dynamodb/index-clients.ts'
import { table as names } from '../../lib/adapters/dynamodb/table.ts'
import { commandDocumentClient } from './command-document-client.ts'
import { watchInterrupt } from './interrupt.ts'

/** Adds the clients that were stored before an index of `findClientsBy` to it. */
export const index = new Command('index-clients')
  .description(
    'Adds clients that were registered before findClientsBy was turned on to the indexes by name and by redirect host that the table has.',
  )
  .requiredOption('--table <name>', 'the table in use: the output TableName')
  .option('--from <position>', 'continue after this position, which an earlier run printed')
  .addHelpText(
    'after',
    `
Run it once after each deploy that turns on findClientsBy.name or findClientsBy.redirectHost, and after restoring clients of an earlier time.
Safe while the service runs, and safe to interrupt and run again: clients that are indexed are left alone. No event is published.
It needs dynamodb:DescribeTable, dynamodb:BatchGetItem and dynamodb:UpdateItem on the table, and dynamodb:Query on its index "listing".
It exits with 130 after Ctrl-C.`,
  )
  .action(async ({ table, from }: Options, command: Command) => {
    if (from !== undefined && !/^\d{1,12}#[\x21-\x7E]{1,255}$/.test(from))
      command.error('error: --from: expected a position that an earlier run printed')
    const indexes = await indexNames(table)
    if (indexes === undefined)
      command.error(`error: --table ${table}: there is no such table in this Region`)
    const findClientsBy = {
      name: indexes.includes(names.byName.indexName),
      redirectHost: indexes.includes(names.byRedirectHost.indexName),
    }
    if (!findClientsBy.name && !findClientsBy.redirectHost)
      command.error(
        'error: the table has neither the index by-name nor by-redirect-host: set findClientsBy, and deploy first',
      )
    process.exitCode = await indexAndReport(table, findClientsBy, from)
  })

type Options = { readonly table: string; readonly from?: string }

/** The names of the table's indexes; undefined if there is no table of this name. */
async function indexNames(TableName: string): Promise<readonly string[] | undefined> {
  try {
    const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName }))
    return (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName = '' }) => IndexName)
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

/** Clients between two lines of progress. */
const progressStep = 1_000

/** Indexes the clients, and returns the exit code. Ctrl-C ends it after the current page. */
async function indexAndReport(
  table: string,
  findClientsBy: Parameters<typeof indexClients>[2],
  from: string | undefined,
): Promise<number> {
  const isInterrupted = watchInterrupt()
  const documents = commandDocumentClient()
  let [seen, changed] = [0, 0]
  let position: string | undefined
  for await (const page of indexClients(documents, table, findClientsBy, from)) {
    const before = Math.floor(seen / progressStep)
    seen += page.clients
    changed += page.changed
    position = page.next
    if (Math.floor(seen / progressStep) > before && position !== undefined)
      process.stderr.write(`${seen} clients looked at; continue with --from '${position}'\n`)
    if (isInterrupted()) break
  }
  process.stdout.write(
    `${changed} indexed, ${seen - changed} were indexed before or need no entry\n`,
  )
  if (!isInterrupted() || position === undefined) return 0
  process.stdout.write(`stopped; continue with --from '${position}'\n`)
  return 130
}
