import { createServer } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TempDir } from '../deploy/temp-dir.ts'
import { forward } from './forward.ts'
import { listen } from './listen.ts'

const mongoPort = 27_017
const suitePort = 8080
const timeoutMs = 300_000

export type SuiteOptions = {
  readonly java: string
  readonly jar: string
  readonly mongoClasspath: string
  readonly host: string
  readonly tls: { readonly key: string; readonly cert: string }
}

/** Starts the suite with a database in memory; resolves to the URL of its API once it responds. */
export async function startSuite(tempDir: TempDir, options: SuiteOptions): Promise<string> {
  const { java, jar, mongoClasspath, host, tls } = options
  const environment = process.env
  const output: string[] = []
  const start = (words: readonly string[]) => {
    const child = tempDir.start(java, { arguments: words, environment })
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => output.push(text))
    return child
  }
  const mongo = join(import.meta.dirname, 'mongodb/InMemoryMongo.java')
  start(['-cp', mongoClasspath, mongo, `${mongoPort}`])
  const suite = start([
    ...['-jar', jar, '--fintechlabs.devmode=true', '--server.address=127.0.0.1'],
    `--server.port=${suitePort}`,
    `--spring.mongodb.uri=mongodb://127.0.0.1:${mongoPort}/test_suite`,
    `--fintechlabs.base_url=https://${host}`,
    `--fintechlabs.base_mtls_url=https://${host}:444`,
    '--openid.mongodb.targetFeatureCompatibilityVersion=',
  ])

  // The suite expects a proxy that ends TLS.
  const backend = `http://127.0.0.1:${suitePort}`
  const proxy = createServer(tls, (incoming, outgoing) =>
    forward(
      backend,
      { incoming, outgoing },
      { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
    ),
  )
  await listen(proxy, 443, host)

  const url = `https://${host}`
  for (const deadline = Date.now() + timeoutMs; ; await sleep(1000)) {
    const response = await fetch(`${url}/api/runner/available`).catch(() => undefined)
    if (response?.ok) return url
    if (suite.exitCode !== null || Date.now() > deadline)
      throw new Error(`the suite did not start\n${output.join('').slice(-4000)}`)
  }
}
