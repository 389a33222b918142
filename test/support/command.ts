import { execFile } from 'node:child_process'
import { embeddedDynamodb } from './embedded-dynamodb.ts'

export type CommandResult = { readonly code: number; readonly out: string; readonly err: string }

type Options = {
  /** DynamoDB, by default the embedded one. */
  readonly endpoint?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs `client-registration` with these words, as an operator does. */
export function runCommand(
  words: readonly string[],
  { endpoint = embeddedDynamodb, environment = {}, input = '' }: Options = {},
): Promise<CommandResult> {
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    ...environment,
  }
  const preflight = ['--import', './cdk/local/preflight.js']
  const command = [...preflight, 'cdk/commands/client-registration.ts', ...words]
  const maxBuffer = 2 ** 26
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { env, maxBuffer }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    )
    child.stdin?.end(input)
  })
}
