import { Command } from 'commander'
import { type JudgedClient, judgeClients } from '../../lib/operator/judge-clients.ts'
import { describeError } from './cli-error.ts'
import { watchInterrupt } from './interrupt.ts'
import { isTable } from './is-table.ts'
import { readSettings } from './judge/chosen-settings.ts'
import { judgingServer } from './judge/judging-server.ts'
import { escaped, escapedJson } from './printable.ts'

/** Says what would become of the stored clients under other settings. */
export const judge = new Command('judge')
  .description(
    'Says which of the stored clients would be rejected or changed by other settings or policies, if each sent its registered metadata in an update. It reads only.',
  )
  .requiredOption('--table <name>', 'the table in use: the output TableName')
  .requiredOption('--settings <file>', 'a JSON file of settings; with --stage, a cdk.json')
  .option('--stage <name>', 'the stage of that cdk.json')
  .option('--extensions <folder>', 'your policies, in place of functions/extensions')
  .option('--documents', 'also fetch the documents that clients name, as the settings say')
  .option('--json', 'print one JSON object a line, and the summary on standard error')
  .addHelpText(
    'after',
    `
It needs dynamodb:DescribeTable, and dynamodb:BatchGetItem on the table, and dynamodb:Query on its index "listing".
It exits with 1 if any client would be rejected, with 2 if it cannot judge them, and with 130 after Ctrl-C.`,
  )
  .action(async (options: Options, command: Command) => {
    const { table, settings: file, stage, extensions, documents = false, json = false } = options
    try {
      const settings = readSettings(file, stage)
      const judging = { settings, table, extensions, fetchesDocuments: documents }
      const server = await judgingServer(judging)
      if (!(await isTable(table))) throw new Error(`${table}: no such table in this Region`)
      process.exitCode = await judgeAndReport(server, json)
    } catch (error) {
      command.error(`error: ${describeError(error)}`, { exitCode: 2 })
    }
  })

type Options = {
  readonly table: string
  readonly settings: string
  readonly stage?: string
  readonly extensions?: string
  readonly documents?: boolean
  readonly json?: boolean
}

/** Clients between two lines of progress. */
const progressStep = 1_000

/** Prints each client, and returns the exit code. Ctrl-C ends it after the current client. */
async function judgeAndReport(
  server: Parameters<typeof judgeClients>[0],
  json: boolean,
): Promise<number> {
  const isInterrupted = watchInterrupt()
  const counts = { unchanged: 0, changed: 0, rejected: 0 }
  let judged = 0
  for await (const client of judgeClients(server, Math.floor(Date.now() / 1000))) {
    counts[client.verdict] += 1
    judged += 1
    process.stdout.write(json ? `${escapedJson(client)}\n` : describe(client))
    if (judged % progressStep === 0) process.stderr.write(`${judged} clients judged\n`)
    if (isInterrupted()) break
  }
  const { unchanged, changed, rejected } = counts
  const summary = `${judged} clients: ${unchanged} unchanged, ${changed} changed, ${rejected} rejected\n`
  process[json ? 'stderr' : 'stdout'].write(summary)
  return isInterrupted() ? 130 : rejected > 0 ? 1 : 0
}

function describe(client: JudgedClient): string {
  const lines = [`${client.verdict.padEnd(10)}${escaped(client.client_id)}`]
  if (client.verdict === 'rejected')
    lines.push(`  ${client.error}: ${escaped(client.error_description)}`)
  if (client.verdict === 'changed')
    for (const [name, { from, to }] of Object.entries(client.changes))
      lines.push(`  ${escaped(name)}: ${shown(from)} → ${shown(to)}`)
  return `${lines.join('\n')}\n`
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : escapedJson(value))
