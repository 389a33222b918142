import { once } from 'node:events'
import { Command } from 'commander'
import { walkListing } from '../../lib/adapters/dynamodb/walk-listing.ts'
import type { JsonObject } from '../../lib/json.ts'
import { describeError } from './cli-error.ts'
import { commandDocumentClient } from './command-document-client.ts'
import { toInitialAccessTokenLine } from './export/initial-access-token-line.ts'
import {
  checkpointLine,
  createOutput,
  type ExportProgress,
  endLine,
  nothingExported,
  resumeOutput,
  startLine,
  toText,
} from './export/output-file.ts'
import { readKeyRing } from './export/read-key-ring.ts'
import { type SecretRings, toClientLine } from './export/to-client-line.ts'
import { watchInterrupt } from './interrupt.ts'
import { isTable } from './is-table.ts'

/** Writes the clients and initial access tokens of a table as NDJSON. */
export const exportClients = new Command('export')
  .description(
    'Writes every client and initial access token as one JSON object a line (NDJSON). It reads only.',
  )
  .requiredOption('--table <name>', 'the table in use: the output TableName')
  .option('--output <file>', 'a new file, readable by its owner alone; by default standard output')
  .option('--resume', 'continue the file of an export that was interrupted')
  .option('--secrets', 'also the client secrets in plaintext, and the digests of tokens')
  .option(
    '--client-secret-key-ring <secret>',
    'with --secrets: the ring that decrypts client secrets, by the ARN of its secret or in a file',
  )
  .option(
    '--key-ring <secret>',
    'with --secrets: the other ring, which encrypted client secrets before version 0.2.0',
  )
  .addHelpText(
    'after',
    `
It needs dynamodb:DescribeTable, and dynamodb:BatchGetItem on the table, and dynamodb:Query on its index "listing";
with a ring by ARN also secretsmanager:GetSecretValue on it.
Ctrl-C ends it after the current page. It exits with 1 if a client secret could not be decrypted: its digest is
written instead. It exits with 2 if it cannot export, and with 130 after Ctrl-C.`,
  )
  .action(async (options: Options, command: Command) => {
    try {
      checkOptions(options)
      process.exitCode = await exportTable(options)
    } catch (error) {
      command.error(`error: ${describeError(error)}`, { exitCode: 2 })
    }
  })

type Options = {
  readonly table: string
  readonly output?: string
  readonly resume?: boolean
  readonly secrets?: boolean
  readonly clientSecretKeyRing?: string
  readonly keyRing?: string
}

function checkOptions({ output, resume, secrets, clientSecretKeyRing, keyRing }: Options): void {
  if (resume === true && output === undefined) throw new Error('--resume goes with --output')
  if (secrets !== true && (clientSecretKeyRing ?? keyRing) !== undefined)
    throw new Error('a key ring goes with --secrets')
  if (secrets === true && clientSecretKeyRing === undefined)
    throw new Error('--secrets needs --client-secret-key-ring')
  if (secrets === true && output === undefined && process.stdout.isTTY)
    throw new Error('secrets are not printed to a terminal: give --output, or pipe them')
}

async function exportTable(options: Options): Promise<number> {
  const { table, output, resume = false, secrets = false } = options
  const rings = secrets ? await readRings(options) : undefined
  if (!(await isTable(table))) throw new Error(`${table}: no such table in this Region`)
  const start = { table, secrets }
  if (secrets) log(`warning: ${output ?? 'the output'} contains secrets in plaintext`)
  if (output === undefined) {
    const write = (text: string) => writeToStream(process.stdout, text)
    await write(toText([startLine(start, currentTime())]))
    return exportLines(table, rings, nothingExported, write)
  }
  if (resume) {
    const { output: file, progress } = await resumeOutput(output, start)
    log(`resumed after ${progress.clients} clients`)
    if (progress.isComplete) {
      await file.close()
      return report(progress, 0)
    }
    return exportLines(table, rings, progress, async (text) => void (await file.appendFile(text)))
  }
  const file = await createOutput(output)
  await file.appendFile(toText([startLine(start, currentTime())]))
  return exportLines(table, rings, nothingExported, (text) => file.appendFile(text))
}

async function readRings({ clientSecretKeyRing, keyRing }: Options): Promise<SecretRings> {
  const sources = [clientSecretKeyRing, keyRing].filter((source) => source !== undefined)
  return Promise.all(sources.map(readKeyRing))
}

/** Clients between two lines of progress. */
const progressStep = 1_000

/** Writes page after page, each in one piece with its checkpoint. Returns the exit code. */
async function exportLines(
  table: string,
  rings: SecretRings,
  done: ExportProgress,
  write: (text: string) => Promise<void>,
): Promise<number> {
  const isInterrupted = watchInterrupt()
  const documents = commandDocumentClient()
  let { clients, initial_access_tokens } = done
  let digestOnly = 0
  for await (const { items, position } of walkListing(documents, table, done.after)) {
    const lines: JsonObject[] = []
    for (const item of items) {
      if (String(item.pk).startsWith('IAT#')) {
        lines.push(toInitialAccessTokenLine(item, rings !== undefined))
        initial_access_tokens += 1
        continue
      }
      const exported = toClientLine(item, rings)
      lines.push(exported.line)
      clients += 1
      if (clients % progressStep === 0) log(`${clients} clients exported`)
      if (exported.digestOnly === undefined) continue
      digestOnly += 1
      log(`${exported.line.client_id}: ${exported.digestOnly}; its digest is exported`)
    }
    await write(toText([...lines, checkpointLine(position)]))
    if (isInterrupted()) {
      log(`stopped after ${clients} clients: continue the file by --resume`)
      return 130
    }
  }
  const counts = { clients, initial_access_tokens }
  await write(toText([endLine(counts)]))
  return report(counts, digestOnly)
}

function report(
  { clients, initial_access_tokens }: Pick<ExportProgress, 'clients' | 'initial_access_tokens'>,
  digestOnly: number,
): number {
  log(`${clients} clients and ${initial_access_tokens} initial access tokens exported`)
  if (digestOnly > 0) log(`${digestOnly} client secrets could not be decrypted`)
  return digestOnly > 0 ? 1 : 0
}

async function writeToStream(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}

const currentTime = () => Math.floor(Date.now() / 1000)

const log = (line: string) => process.stderr.write(`${line}\n`)
