import { Command } from 'commander'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { restoreClients } from '../../lib/adapters/dynamodb/restore-clients.ts'
import { watchInterrupt } from './interrupt.ts'
import { isTable } from './is-table.ts'

/** Copies clients from a restored backup back into the table in use. */
export const restore = new Command('restore')
  .description(
    'Copies clients from a table that a backup was restored to into the table in use, exactly as they were.',
  )
  .requiredOption('--from <table>', 'the table that the backup was restored to')
  .requiredOption('--into <table>', 'the table in use: the output TableName')
  .option(
    '--all',
    'every client that the table in use no longer has, including those deleted on purpose',
  )
  .option('--replace', 'also overwrite clients that exist; changes since the backup are lost')
  .argument('[client_id...]', 'the clients')
  .addHelpText('after', '\nSafe to interrupt and run again: restored clients are left alone.')
  .action(async (clients: readonly string[], options: Options, command: Command) => {
    const { from, into, all = false, replace = false } = options
    if (from === into) command.error('error: --from and --into are the same table')
    if (all === clients.length > 0)
      command.error('error: expected either client identifiers or --all')
    for (const [option, name] of Object.entries({ from, into }))
      if (!(await isTable(name)))
        command.error(`error: --${option} ${name}: there is no such table in this Region`)
    const now = Math.floor(Date.now() / 1000)
    process.exitCode = await restoreAndReport({
      from,
      into,
      replace,
      now,
      ...(!all && { clients }),
    })
  })

type Options = {
  readonly from: string
  readonly into: string
  readonly all?: boolean
  readonly replace?: boolean
}

/** Prints one line a client, and returns the exit code. Ctrl-C ends it after the current client. */
async function restoreAndReport(wanted: Parameters<typeof restoreClients>[1]): Promise<number> {
  const isInterrupted = watchInterrupt()
  const counts = { restored: 0, kept: 0, unknown: 0 }
  // Uses the SDK's default credential chain.
  for await (const { client_id, outcome } of restoreClients(documentClient(), wanted)) {
    counts[outcome] += 1
    if (outcome !== 'kept' || wanted.clients !== undefined)
      process.stdout.write(`${outcome.padEnd(8)} ${client_id}\n`)
    if (isInterrupted()) break
  }
  const { restored, kept, unknown } = counts
  process.stdout.write(
    `${restored} restored, ${kept} kept as they are, ${unknown} not in the backup\n`,
  )
  return isInterrupted() ? 130 : unknown > 0 ? 1 : 0
}
