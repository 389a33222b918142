import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { TempDir } from '../deploy/temp-dir.ts'
import { buildSuite } from './build-suite.ts'
import { address, type Input } from './input.ts'
import { withResults } from './results.ts'

const help = `npm run conformance -- --suite REPOSITORY [--write]

Runs the conformance suite of the OpenID Foundation against oidc-provider and this service at one issuer: the plans of
dynamic registration and of third-party initiated login. Prints each test with its result. Exits 1 if a test fails
that test/conformance/README.md does not explain. See that page.

  --suite REPOSITORY  a Git repository of the suite, on this machine; it is cloned and built, once for each commit
  --write             writes the results into test/conformance/README.md

Needs Linux, Git, OpenSSL, iproute2, Maven, and Java 21 or newer as JAVA_HOME.`

const { values: options } = parseArgs({
  options: {
    suite: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const page = join(import.meta.dirname, 'README.md')
const progress = (step: string) => process.stderr.write(`${step}\n`)

async function main(tempDir: TempDir, repository: string, javaHome: string): Promise<void> {
  const path = (name: string) => join(tempDir.directory, name)
  const environment = process.env
  const suite = await buildSuite(tempDir, repository, progress)
  await tempDir.succeed('mvn', {
    arguments: [
      ...['--quiet', '--batch-mode', '--file', join(import.meta.dirname, 'mongodb/pom.xml')],
      ...['dependency:build-classpath', `-Dmdep.outputFile=${path('classpath')}`],
    ],
    environment,
  })
  await tempDir.succeed('openssl', {
    arguments: [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '2', '-subj', '/CN=conformance', '-addext', `subjectAltName=IP:${address}`],
      ...['-keyout', path('key.pem'), '-out', path('cert.pem')],
    ],
    environment,
  })
  const input: Input = {
    java: join(javaHome, 'bin/java'),
    mongoClasspath: await readFile(path('classpath'), 'utf8'),
    key: path('key.pem'),
    cert: path('cert.pem'),
    results: path('results.json'),
    suite,
  }
  // A network of its own, where the suite has a public address: the service fetches documents from
  // no other. All processes inside end with the first.
  const child = tempDir.start('unshare', {
    arguments: [
      ...['--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...[process.execPath, join(import.meta.dirname, 'run-plans.ts'), JSON.stringify(input)],
    ],
    environment: { ...environment, NODE_EXTRA_CA_CERTS: input.cert },
  })
  child.stdout?.pipe(process.stdout, { end: false })
  child.stderr?.pipe(process.stderr, { end: false })
  const [code] = await once(child, 'close')
  process.exitCode = code ?? 1
  if (options.write) {
    const results = JSON.parse(await readFile(input.results, 'utf8'))
    writeFileSync(page, withResults(readFileSync(page, 'utf8'), suite.commit, results))
    progress('Wrote the results into test/conformance/README.md.')
  }
}

const { JAVA_HOME } = process.env
if (options.help) console.log(help)
else if (options.suite === undefined || JAVA_HOME === undefined) {
  console.error(`${options.suite === undefined ? '--suite' : 'JAVA_HOME'} is missing.\n\n${help}`)
  process.exitCode = 1
} else {
  const tempDir = await TempDir.open()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => void tempDir.close().finally(() => process.exit(1)))
  await main(tempDir, resolve(options.suite), JAVA_HOME).finally(() => tempDir.close())
}
