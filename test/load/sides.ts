import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'
import { credentials } from '../../cdk/local/synthesized-table.ts'
import { httpClient } from './http-client.ts'

/** A server under load, in a process of its own. */
export type Side = {
  readonly url: string
  readonly registrationPath: string
  /** An initial access token that is never consumed. */
  readonly token: string
  readonly process: ChildProcess
  close(): Promise<void>
}

const startTimeoutMs = 120_000

/** The local service, as `npm start` starts it. `onError` receives what it writes to stderr. */
export async function startOurs(onError?: (text: string) => void): Promise<Side> {
  const masterToken = randomBytes(32).toString('base64url')
  const { child, first, close } = await start(
    ['cdk/local/start.ts', '--port', '0'],
    { MASTER_TOKEN: masterToken },
    /(http:\/\/127\.0\.0\.1:\d+)\/register/,
    onError,
  )
  const [, url = ''] = first
  const client = httpClient(url, 1)
  const { status, body } = await client.send({
    method: 'POST',
    path: '/initial-access-tokens',
    bearer: masterToken,
    body: { consumed: 'never' },
  })
  client.close()
  if (status !== 200) throw new Error(`no initial access token: ${status} ${body}`)
  const { access_token: token } = JSON.parse(body)
  return { url, registrationPath: '/register', token, process: child, close }
}

/** oidc-provider's own server, on an instance of the same engine, with the plainest table. */
export async function startTheirs(): Promise<Side> {
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  const tableName = 'oidc-provider'
  const client = new DynamoDBClient({ endpoint: dynamodb.endpoint, region, credentials })
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  )
  client.destroy()
  const environment = {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    TABLE_NAME: tableName,
  }
  const program = ['test/load/their-server.ts']
  const { child, first, close } = await start(program, environment, /^(http:\S+) (\S+)$/m)
  const [, url = '', token = ''] = first
  return {
    url,
    registrationPath: '/reg',
    token,
    process: child,
    close: () => close().then(dynamodb.close),
  }
}

const region = 'us-east-1'
const root = join(import.meta.dirname, '../..')

/** Starts a program, and resolves when it has printed a text that matches. */
async function start(
  program: readonly string[],
  environment: Readonly<Record<string, string>>,
  printed: RegExp,
  onError?: (text: string) => void,
) {
  const child = spawn(process.execPath, program, {
    cwd: root,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...environment },
    stdio: ['pipe', 'pipe', onError === undefined ? 'ignore' : 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = () => child.kill()
  process.once('exit', kill)
  const close = async () => {
    child.kill()
    await ended
    process.removeListener('exit', kill)
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => onError?.(text))
  let output = ''
  const first = await new Promise<RegExpExecArray>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready: ${output}`)), startTimeoutMs)
    child.once('exit', (code) => reject(new Error(`${program[0]} exited with ${code}: ${output}`)))
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const match = printed.exec(output)
      if (match === null) return
      clearTimeout(late)
      resolve(match)
    })
  }).catch(async (error) => {
    await close()
    throw error
  })
  return { child, first, close }
}
