import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

const forbidden = [
  ['lib/register-client.ts', '../functions/http/response.ts'],
  ['lib/register-client.ts', './adapters/dynamodb/client-store.ts'],
  ['lib/register-client.ts', './adapters/secrets-manager/secrets.ts'],
  ['lib/metadata/rules/public-uri.ts', '../../adapters/https/public-lookup.ts'],
  ['lib/events/to-event.ts', '../adapters/eventbridge/event-bus.ts'],
  ['lib/events/to-event.ts', '../adapters/sqs/dead-letter-queue.ts'],
  ['lib/register-client.ts', '@aws-sdk/client-dynamodb'],
  ['lib/metadata/rules/rule.ts', '@middy/core'],
  ['lib/metadata/rules/rule.ts', 'node:http'],
  ['lib/metadata/rules/rule.ts', 'aws-lambda'],
  ['lib/adapters/https/fetch-document.ts', '@aws-sdk/client-dynamodb'],
  ['lib/adapters/dynamodb/client-store.ts', '../../../functions/compose-server.ts'],
  ['lib/adapters/dynamodb/client-store.ts', '@middy/core'],
  ['lib/adapters/secrets-manager/secrets.ts', 'aws-cdk-lib'],
  ['functions/register-client.ts', '../cdk/bundling/bundle.ts'],
  ['functions/register-client.ts', 'aws-cdk-lib'],
] as const

const allowed = [
  ['lib/register-client.ts', './authorization/authorize-registration.ts'],
  ['lib/adapters/https/fetch-document.ts', 'node:https'],
  ['lib/adapters/https/fetch-document.ts', '../../metadata/rules/public-address.ts'],
  ['lib/adapters/dynamodb/client-store.ts', '@aws-sdk/lib-dynamodb'],
  ['functions/compose-server.ts', '../lib/adapters/dynamodb/client-store.ts'],
  ['cdk/bundling/bundle.ts', '../../lib/settings/settings.ts'],
] as const

/** A file that imports this, in a folder of its own under the layer's name. */
const probe = (path: string, imported: string) =>
  join(dirname(path), `probe-${Buffer.from(imported).toString('hex')}.ts`)

let folder: string
let rejected: Set<string>

/** Every probe is linted in one run, by this project's own configuration. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'))
  cpSync(join(root, '.biome.json'), join(folder, '.biome.json'))
  for (const [path, imported] of [...forbidden, ...allowed]) {
    const file = join(folder, probe(path, imported))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `import * as imported from '${imported}'\n\nexport const used = imported\n`)
  }
  const biome = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' },
  )
  const { diagnostics }: { diagnostics: { category: string; location: { path: string } }[] } =
    JSON.parse(biome.stdout)
  const restricted = diagnostics.filter(({ category }) => category.endsWith('noRestrictedImports'))
  rejected = new Set(restricted.map(({ location }) => location.path))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the layers, as the linter enforces them', () => {
  test.each(forbidden)('%s may not import %s', (path, imported) => {
    expect(rejected).toContain(probe(path, imported))
  })

  test.each(allowed)('%s may import %s', (path, imported) => {
    expect(rejected).not.toContain(probe(path, imported))
  })
})
