import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { isObject } from '../../lib/json.ts'
import { profiles } from '../../lib/settings/profiles.ts'
import { SettingsError } from '../../lib/settings/settings-error.ts'
import { parseStageSettings, type StageSettingsInput } from '../settings/settings.ts'
import { ownDynamodb } from './dynamodb-endpoint.ts'
import type { ServiceOptions } from './service-options.ts'
import { readContext } from './synthesis.ts'

/** Parses the command line and the environment. Exits the process when they are invalid. */
export async function commandLine(argv: readonly string[]): Promise<CommandLine> {
  const { stages } = await readContext()
  const command = new Command('npm start --')
    .description('Serves the synthesized service on this machine, with an embedded DynamoDB.')
    .addOption(
      new Option('--port <number>', 'port on 127.0.0.1; 0 is any free one')
        .argParser(port)
        .default(3000),
    )
    .addOption(new Option('--stage <name>', 'stage of cdk.json').choices(Object.keys(stages)))
    .addOption(
      new Option('--profile <name>', "a profile in place of the stage's settings").choices(
        Object.keys(profiles),
      ),
    )
    .addOption(
      new Option(
        '--settings <file>',
        "a JSON file of settings, which override --profile's",
      ).argParser(path('file')),
    )
    .addOption(
      new Option(
        '--data <folder>',
        'keep the table and the secrets there; otherwise they last for this run only',
      ).argParser(path('folder')),
    )
    .addHelpText('after', environmentHelp())
    .allowExcessArguments()
    .parse(argv, { from: 'user' })
  const [unexpected] = command.args
  if (unexpected !== undefined)
    command.error(
      `error: unexpected argument ${unexpected}; options follow a --, as in: npm start -- --port 3466`,
    )

  const { port: chosen, stage, data } = command.opts<Options>()
  const settings = await chooseSettings(command)
  const given = {
    stage,
    settings,
    dataDirectory: data,
    masterToken: token(command, 'MASTER_TOKEN'),
    staticInitialAccessToken: token(command, 'STATIC_INITIAL_ACCESS_TOKEN'),
    secrets: connectorSecrets(command, process.env.CONNECTOR_SECRETS),
    dynamodbEndpoint: dynamodbEndpoint(command, process.env.DYNAMODB_ENDPOINT),
  }
  const present = Object.entries(given).filter(([, value]) => value !== undefined && value !== '')
  return {
    port: chosen,
    settingsFrom: settingsFrom(command, stages),
    ...Object.fromEntries(present),
  }
}

export type CommandLine = ServiceOptions & {
  /** Source of the settings, for display. */
  readonly settingsFrom: string
}

type Options = {
  readonly port: number
  readonly stage?: string
  readonly profile?: keyof typeof profiles
  readonly settings?: string
  readonly data?: string
}

const environmentHelp = () => `
Environment:
  MASTER_TOKEN                 the operator's token; otherwise one is generated and printed
  STATIC_INITIAL_ACCESS_TOKEN  value of the static initial access token, where the settings have one
  CONNECTOR_SECRETS            values of the secrets of connectors, as JSON: {"<ARN>": "<value>"}
  DYNAMODB_ENDPOINT            URL of a DynamoDB that is running, in place of the embedded one
  DYNAMODB_LOCAL               folder of DynamoDBLocal.jar, which runs on your Java as the embedded one

The embedded DynamoDB is dynoxide, from its npm package (installed on Linux x64) or on the PATH, or
DynamoDB Local on the PATH. With a DynamoDB of your own, such as DynamoDB Local in Docker:
${ownDynamodb(process.platform)
  .map((line) => `  ${line}`)
  .join('\n')}`

function port(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 65_535) return value
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.')
}

function path(kind: 'file' | 'folder') {
  return (text: string): string => {
    if (text !== '') return text
    throw new InvalidArgumentError(`Expected the path of a ${kind}.`)
  }
}

/**
 * A token from an environment variable that is valid in an Authorization header (RFC 6750 §2.1
 * `b64token`).
 */
function token(command: Command, name: string) {
  const value = process.env[name]
  if (value && !/^[A-Za-z0-9\-._~+/]+=*$/.test(value))
    command.error(
      `error: ${name} is no bearer token: expected letters, digits and - . _ ~ + / only, and = at the end`,
    )
  return value
}

function dynamodbEndpoint(command: Command, url: string | undefined) {
  if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    command.error('error: DYNAMODB_ENDPOINT is not an http or https URL')
  }
  return url
}

function settingsFrom(command: Command, stages: object): string {
  const { settings, profile, stage = Object.keys(stages)[0] } = command.opts<Options>()
  if (settings !== undefined) return settings
  return profile === undefined ? `stage ${stage} of cdk.json` : 'no stage of cdk.json'
}

/** Values of the secrets that the stack does not create, by ARN. */
function connectorSecrets(command: Command, json = ''): ServiceOptions['secrets'] {
  if (json === '') return undefined
  try {
    const values: unknown = JSON.parse(json)
    if (isObject(values) && Object.values(values).every((value) => typeof value === 'string'))
      return values as Readonly<Record<string, string>>
  } catch {
    // Not JSON: reported below, without the value.
  }
  return command.error('error: CONNECTOR_SECRETS: expected JSON, such as {"<ARN>": "<value>"}')
}

async function chooseSettings(command: Command): Promise<StageSettingsInput | undefined> {
  const { profile, settings: file } = command.opts<Options>()
  const base = profile && { profile }
  if (file === undefined) return base
  const reject = (problem: string) => command.error(`error: --settings ${file}: ${problem}`)
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isObject(parsed)) return reject('expected an object of settings, such as {}')
    const settings: unknown = { ...base, ...parsed }
    parseStageSettings(settings)
    // parseStageSettings has validated it above.
    return settings as StageSettingsInput
  } catch (error) {
    if (error instanceof SettingsError) return reject(error.message)
    if (error instanceof SyntaxError) return reject(`not JSON (${error.message})`)
    return reject(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
