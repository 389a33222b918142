import { Command } from 'commander'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { restoreClients } from '../../lib/adapters/dynamodb/restore-clients.ts'
import { describeError } from './cli-error.ts'

const command = new Command('npx node cdk/commands/restore-clients.ts')
  .description(
    'Puts clients back into the table in use, from a table that a backup was restored to, as they were then.',
  )
  .requiredOption('--from <table>', 'the table that the backup was restored to')
  .requiredOption('--into <table>', 'the table in use: the output TableName')
  .option('--all', 'every client that the table in use has no more, also those deleted on purpose')
  .option('--replace', 'put back clients that are there, too; what changed since is lost')
  .argument('[client_id...]', 'the clients')
  .addHelpText(
    'after',
    '\nIt can be ended and run again: what is back is left alone. Credentials and Region as for the AWS CLI.',
  )
  .parse()

const { from, into, all = false, replace = false } = command.opts<Options>()
const clients = command.args
if (from === into) command.error('error: --from and --into are the same table')
if (all === clients.length > 0) command.error('error: expected either client identifiers or --all')

let stopped = false
process.once('SIGINT', () => {
  stopped = true
})

// Uses the SDK's default credential chain.
const documents = documentClient()
const now = Math.floor(Date.now() / 1000)
const counts = { restored: 0, kept: 0, unknown: 0 }
try {
  const wanted = { from, into, replace, now, ...(!all && { clients }) }
  for await (const { client_id, outcome } of restoreClients(documents, wanted)) {
    counts[outcome] += 1
    if (outcome !== 'kept' || !all) process.stdout.write(`${outcome.padEnd(8)} ${client_id}\n`)
    if (stopped) break
  }
} catch (error) {
  command.error(`error: ${describeError(error)}`)
}
const { restored, kept, unknown } = counts
process.stdout.write(
  `${restored} restored, ${kept} kept as they are, ${unknown} not in the backup\n`,
)
process.exitCode = stopped ? 130 : unknown > 0 ? 1 : 0

type Options = {
  readonly from: string
  readonly into: string
  readonly all?: boolean
  readonly replace?: boolean
}
