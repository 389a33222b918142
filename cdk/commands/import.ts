import { Command, InvalidArgumentError, Option } from 'commander'
import { itemImporter } from '../../lib/adapters/dynamodb/import-item.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { describeError } from './cli-error.ts'
import { commandDocumentClient } from './command-document-client.ts'
import { readKeyRing } from './export/read-key-ring.ts'
import { checkKeyRing } from './import/check-key-ring.ts'
import { importAll } from './import/import-all.ts'
import { importRecord } from './import/import-record.ts'
import { importReport } from './import/import-report.ts'
import type { Mapping } from './import/mapping.ts'
import { mapHydraClient } from './import/mappings/hydra.ts'
import { mapKeycloakClient } from './import/mappings/keycloak.ts'
import { mapOidcProviderClient } from './import/mappings/oidc-provider.ts'
import { openNewSecrets } from './import/new-secrets.ts'
import { readExport, readNdjson } from './import/read-records.ts'
import type { RecordImport } from './import/record.ts'
import type { SecretStorage } from './import/store-secrets.ts'
import { watchInterrupt } from './interrupt.ts'
import { isTable } from './is-table.ts'
import { defaultSettings, readSettings } from './judge/chosen-settings.ts'
import { judgingServer } from './judge/judging-server.ts'

const mappings: Readonly<Record<string, Mapping>> = {
  keycloak: mapKeycloakClient,
  hydra: mapHydraClient,
  'oidc-provider': mapOidcProviderClient,
}

/** Imports clients and initial access tokens into a table. */
export const importClients = new Command('import')
  .description(
    'Imports clients and initial access tokens from an export of this service, or clients from that of another server. It changes no client that exists.',
  )
  .requiredOption('--table <name>', 'the table in use: the output TableName')
  .requiredOption('--input <file>', 'the export; - is standard input')
  .addOption(
    new Option('--from <server>', 'the server that it comes from, if not this service').choices(
      Object.keys(mappings),
    ),
  )
  .option('--settings <file>', 'the settings that judge each client; with --stage, a cdk.json')
  .option('--stage <name>', 'the stage of that cdk.json')
  .option('--extensions <folder>', 'your policies, in place of functions/extensions')
  .option('--trust', 'import the metadata of this service as it is, without judging it')
  .option(
    '--client-secret-key-ring <secret>',
    'the ring that encrypts client secrets, by the ARN of its secret or in a file',
  )
  .option('--new-secrets <file>', 'issue a secret to clients that need one, and append it here')
  .option('--report <file>', 'write what was rejected, skipped, kept or changed, as NDJSON')
  .option('--start-line <number>', 'leave out the lines before this one', lineNumber, 1)
  .option('--dry-run', 'judge and count, and write nothing')
  .addHelpText(
    'after',
    `
Safe to interrupt and run again: what was imported is left alone, and so is a client that changed since. But a client
that was deleted since comes back: to continue, give the --start-line that is printed.
It needs dynamodb:DescribeTable, and dynamodb:PutItem on the table, for clients that count toward a quota also
UpdateItem, for --dry-run and --new-secrets GetItem; with a ring by ARN secretsmanager:GetSecretValue on it.
To check that a ring is that of the table, it needs dynamodb:BatchGetItem, and dynamodb:Query on its index "listing".
It exits with 1 if a record was rejected, with 2 if it cannot import, and with 130 after Ctrl-C.`,
  )
  .action(async (options: Options, command: Command) => {
    try {
      checkOptions(options)
      process.exitCode = await importAndReport(options)
    } catch (error) {
      command.error(`error: ${describeError(error)}`, { exitCode: 2 })
    }
  })

type Options = {
  readonly table: string
  readonly input: string
  readonly from?: string
  readonly settings?: string
  readonly stage?: string
  readonly extensions?: string
  readonly trust?: boolean
  readonly clientSecretKeyRing?: string
  readonly newSecrets?: string
  readonly report?: string
  readonly startLine: number
  readonly dryRun?: boolean
}

function checkOptions({ from, settings, trust = false, newSecrets, dryRun }: Options): void {
  if (!trust && settings === undefined)
    throw new Error('give --settings, which judge the clients, or --trust')
  if (trust && from !== undefined)
    throw new Error('--trust goes with exports of this service only: give --settings')
  if (newSecrets !== undefined && dryRun === true)
    throw new Error('--new-secrets does not go with --dry-run')
}

async function importAndReport(options: Options): Promise<number> {
  const { table, input, from, startLine, trust = false, dryRun = false } = options
  const settings =
    options.settings === undefined
      ? defaultSettings()
      : readSettings(options.settings, options.stage)
  const mapping = from === undefined ? undefined : mappings[from]
  const storage = await secretStorage(options, settings)
  const judging = { settings, table, extensions: options.extensions, fetchesDocuments: false }
  const rules = trust ? undefined : await judgingServer(judging)
  if (!(await isTable(table))) throw new Error(`${table}: no such table in this Region`)
  const documents = commandDocumentClient()
  const ringNote =
    typeof storage === 'object' ? await checkKeyRing(documents, table, storage) : undefined
  const newSecrets =
    options.newSecrets === undefined
      ? undefined
      : await openNewSecrets(options.newSecrets, settings.clientSecret, storage)

  const report = importReport(dryRun, log)
  const isInterrupted = watchInterrupt()
  const context: RecordImport = {
    importer: itemImporter(documents, table, settings.findClientsBy),
    settings,
    rules,
    mapping,
    storage,
    newSecrets,
    isDryRun: dryRun,
    now: Math.floor(Date.now() / 1000),
  }
  const records =
    mapping === undefined ? readNdjson(input, startLine) : readExport(input, startLine)
  const left = await importAll(records, {
    importOne: (record) => importRecord(record, context),
    onResult: report.add,
    isInterrupted,
  })
  await newSecrets?.close()
  if (options.report !== undefined) await report.write(options.report)
  for (const line of report.lines(mapping === undefined && left === undefined))
    process.stdout.write(`${line}\n`)
  if (ringNote !== undefined) process.stdout.write(`${ringNote}\n`)
  if (left !== undefined) {
    process.stdout.write(
      `not done from line ${left.next} on: continue by --start-line ${left.next}\n`,
    )
    if (left.error !== undefined) throw left.error
    return 130
  }
  return report.counts.rejected > 0 ? 1 : 0
}

async function secretStorage(
  { clientSecretKeyRing }: Options,
  { clientSecret }: Settings,
): Promise<SecretStorage> {
  if (clientSecret.storage === 'digest') return 'digest'
  return clientSecretKeyRing === undefined ? undefined : readKeyRing(clientSecretKeyRing)
}

function lineNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('expected a line number')
  return Number(text)
}

const log = (line: string) => process.stderr.write(`${line}\n`)
