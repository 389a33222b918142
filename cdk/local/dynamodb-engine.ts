import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { ownDynamodb } from './dynamodb-endpoint.ts'
import { indexStream } from './index-stream.ts'

/** A program on this machine that serves the DynamoDB API. */
export type DynamodbEngine = {
  readonly program: string
  /** Its arguments. `file` is where it stores data; without one, it keeps data in memory. */
  arguments(port: number, file: string | undefined): readonly string[]
  /** Longest time in milliseconds until it responds. */
  readonly startTimeoutMs: number
  /** Changes its database in the file before use. An engine with this always gets a file. */
  readonly prepare?: (file: string) => void
}

type Machine = {
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * The first of these that is on this machine: the folder of DynamoDB Local that `DYNAMODB_LOCAL`
 * names, dynoxide from the npm package of this platform, dynoxide on PATH, DynamoDB Local on PATH
 * (Homebrew installs it). Throws an Error that says what to install or set.
 */
export function findEngine(machine: Machine = process): DynamodbEngine {
  const { platform, arch, env } = machine
  if (env.DYNAMODB_LOCAL) return dynamodbLocalIn(env.DYNAMODB_LOCAL, env)
  const dynoxide = packagedDynoxide(machine) ?? onPath('dynoxide', machine)
  if (dynoxide !== undefined) return dynoxideAt(dynoxide)
  const dynamodbLocal = onPath('dynamodb-local', machine)
  if (dynamodbLocal !== undefined) return dynamodbLocalAt(dynamodbLocal, [])
  const lines = ownDynamodb(platform).map((line) => `\n  ${line}`)
  throw new Error(
    `There is no embedded DynamoDB for ${platform}-${arch}. Install dynoxide or DynamoDB Local on the PATH, or set DYNAMODB_LOCAL to the folder of DynamoDBLocal.jar, or start a DynamoDB and name it:${lines.join('')}`,
  )
}

/** The engine in the platform's npm package, an optional dependency. */
function packagedDynoxide({ platform, arch }: Machine): string | undefined {
  try {
    const require = createRequire(import.meta.url)
    const manifest = require.resolve(`@dynoxide/${platform}-${arch}/package.json`)
    return join(dirname(manifest), platform === 'win32' ? 'dynoxide.exe' : 'dynoxide')
  } catch {
    return undefined
  }
}

const dynoxideAt = (program: string): DynamodbEngine => ({
  program,
  arguments: (port, file) => [
    ...['--host', '127.0.0.1', '-p', String(port)],
    ...(file === undefined ? [] : ['--db-path', file]),
  ],
  startTimeoutMs: 5_000,
  prepare: indexStream,
})

/**
 * DynamoDB Local (AWS's own, in Java). It listens on all interfaces: it has no option for the host.
 */
const dynamodbLocalAt = (program: string, before: readonly string[]): DynamodbEngine => ({
  program,
  arguments: (port, file) => [
    ...before,
    ...['-port', String(port), '-sharedDb', '-disableTelemetry'],
    ...(file === undefined ? ['-inMemory'] : ['-dbPath', dirname(file)]),
  ],
  startTimeoutMs: 30_000,
})

const mainClass = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner'

/** A folder with AWS's archive, or with the jar files that Maven copies. */
function dynamodbLocalIn(folder: string, env: NodeJS.ProcessEnv): DynamodbEngine {
  if (!existsSync(folder)) throw new Error(`DYNAMODB_LOCAL: there is no folder ${folder}`)
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java'
  const jar = join(folder, 'DynamoDBLocal.jar')
  return existsSync(jar)
    ? dynamodbLocalAt(java, [
        `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
        '-jar',
        jar,
      ])
    : dynamodbLocalAt(java, [`-Djava.library.path=${folder}`, '-cp', join(folder, '*'), mainClass])
}

function onPath(name: string, { platform, env }: Machine): string | undefined {
  const file = platform === 'win32' ? `${name}.exe` : name
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, file)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
