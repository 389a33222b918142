import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../cdk/local/free-port.ts'
import type { Environment, TempDir } from './temp-dir.ts'

export const region = 'eu-central-1'
export const account = '000000000000'

export type Emulator = {
  readonly port: number
  /** The lines in which it says where it was put right. */
  readonly corrections: readonly string[]
  /** For programs that shall take it for AWS: nothing of the caller's own AWS configuration is in it. */
  readonly environment: Environment
}

/** Starts MiniStack on a free loopback port, with role policies enforced. */
export async function startEmulator(tempDir: TempDir, programs: string): Promise<Emulator> {
  const port = await freePort()
  const environment = {
    // Lambdas run with the first `node` of the PATH: the one that runs this.
    PATH: [join(process.execPath, '..'), programs, process.env.PATH].join(':'),
    HOME: tempDir.directory,
    TMPDIR: tempDir.directory,
    LANG: 'C.UTF-8',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    CDK_HOME: join(tempDir.directory, 'cdk-home'),
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
    CDK_DISABLE_CLI_TELEMETRY: '1',
  }
  const server = tempDir.start(join(programs, 'python'), {
    arguments: [join(import.meta.dirname, 'emulator.py')],
    environment: {
      ...environment,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      AUTH: 'true',
    },
  })
  let printed = ''
  for (const stream of [server.stdout, server.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  const deadline = Date.now() + 60_000
  while (!(await isHealthy(port))) {
    if (server.exitCode !== null || server.signalCode !== null || Date.now() > deadline)
      throw new Error(`the emulator does not start\n${printed}`)
    await sleep(200)
  }
  const corrections = [...printed.matchAll(/^corrected: (.*)$/gm)].map(([, line = '']) => line)
  return { port, corrections, environment }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/_ministack/health`)).ok
  } catch {
    return false
  }
}
