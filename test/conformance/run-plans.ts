import { readFileSync, writeFileSync } from 'node:fs'
import { TempDir } from '../deploy/temp-dir.ts'
import { startAuthorizationServer } from './authorization-server.ts'
import { address, type Input } from './input.ts'
import { plans } from './plans.ts'
import { explanationOf, isFailure, type PlanResults, type TestResult } from './results.ts'
import { startSuite } from './suite.ts'
import { suiteApi } from './suite-api.ts'

/** Runs in a network of its own (`unshare --net`). */
async function main(tempDir: TempDir, { key, cert, suite, ...input }: Input): Promise<void> {
  const ip = (words: string) =>
    tempDir.succeed('ip', { arguments: words.split(' '), environment: process.env })
  await ip('link set lo up')
  await ip(`address add ${address}/32 dev lo`)
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  const issuer = new URL(`https://${address}:3000`)
  console.error('starting the service and oidc-provider')
  const server = await startAuthorizationServer({ issuer, tls })
  console.error('starting the suite (a minute)')
  const { java, mongoClasspath } = input
  const { jar } = suite
  const api = suiteApi(await startSuite(tempDir, { java, jar, mongoClasspath, host: address, tls }))
  const configuration = JSON.parse(
    readFileSync(suite.configuration, 'utf8').replaceAll(
      'https://oidcc-provider:3000',
      issuer.origin,
    ),
  )

  const results: PlanResults[] = []
  for (const plan of plans) {
    console.log(`\n== ${plan.name} ${Object.values(plan.variant).join(', ')}`)
    const { id, modules } = await api.createPlan(plan, { ...configuration, alias: 'registration' })
    const tests: TestResult[] = []
    for (const module of modules) {
      const first = server.log.length
      const name = module.testModule
      const prepare = name === 'oidcc-server-rotate-keys' ? server.rotateKeys : undefined
      const test = { name, ...(await api.run(id, module, prepare)) }
      tests.push(test)
      console.log(test.result.padEnd(8), test.name)
      for (const { result, name, message } of test.conditions)
        console.log(`         ${result} ${name}: ${message}`)
      const why = explanationOf(test)
      if (why !== undefined) console.log(`         explained: ${why}`)
      if (isFailure(test))
        for (const line of server.log.slice(first)) console.log(`         ${line}`)
    }
    results.push({ plan, tests })
  }
  writeFileSync(input.results, JSON.stringify(results))
  await server.close()
  const failures = results.flatMap(({ tests }) => tests).filter(isFailure)
  console.log(
    `\n${failures.length === 0 ? 'Nothing failed that is not explained.' : `Failed: ${failures.map(({ name }) => name).join(', ')}`}`,
  )
  if (failures.length > 0) process.exitCode = 1
}

const input: Input = JSON.parse(process.argv[2] ?? '')
const tempDir = await TempDir.open()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => void tempDir.close().finally(() => process.exit(1)))
await main(tempDir, input).finally(() => tempDir.close())
process.exit()
