import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { endpointIds } from './resources.ts'

const root = join(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'cdk app '))
afterAll(() => rmSync(directory, { recursive: true }))

/** Runs the CDK app as the CLI does, without credentials, region or network. */
function synth(context: object, output = 'out') {
  const { status, stderr } = spawnSync(process.execPath, ['cdk/app.ts'], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      CDK_VALIDATION: 'false',
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
      CDK_OUTDIR: join(directory, output),
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  })
  return { status, message: stderr, output: join(directory, output) }
}

describe('the CDK app', () => {
  test('every endpoint of every stage has its own code and the settings of its stage', () => {
    const stages = { one: {}, two: { registration: 'token' } }
    const { status, output } = synth({ stages })
    expect(status).toBe(0)
    const assets = readdirSync(output).filter((name) => name.startsWith('asset.'))
    const settings = assets
      .map((name) => join(output, name, 'settings.json'))
      .filter((file) => existsSync(file))
      .map((file) => JSON.parse(readFileSync(file, 'utf8')))
    expect(settings.filter(({ registration }) => registration === 'token')).toHaveLength(
      endpointIds.length,
    )
    const files = assets.flatMap((name) => readdirSync(join(output, name)))
    const counts = Map.groupBy(files, (file) => file)
    expect(Object.fromEntries([...counts].map(([file, all]) => [file, all.length]))).toEqual({
      // Both stages share the one of publish-events, which reads no settings.
      'index.mjs': 2 * endpointIds.length + 1,
      'index.mjs.map': 2 * endpointIds.length + 1,
      'settings.json': 2 * endpointIds.length,
      'applications.html': 2,
      'openapi.json': 2,
    })
  })

  test('a stage other than dev cannot be deleted by mistake, and is warned of an address that will not stay', () => {
    const stages = {
      dev: {},
      prod: {},
      named: { baseUrl: 'https://register.example.com' },
    }
    const { output } = synth({ stages, 'aws:cdk:bundling-stacks': [] }, 'protected')
    const read = (file: string) => readFileSync(join(output, file), 'utf8')
    const { artifacts } = JSON.parse(read('manifest.json'))
    const seen = Object.keys(stages).map((stage) => {
      const stack = `ClientRegistration-${stage}`
      const isWarned = read(`${stack}.metadata.json`).includes('set customDomain, or baseUrl')
      return [stage, artifacts[stack].properties.terminationProtection, isWarned]
    })
    expect(seen).toEqual([
      ['dev', false, false],
      ['prod', true, true],
      ['named', true, false],
    ])
  })

  test('stages outside the context, where nobody reads them, stop it', () => {
    writeFileSync(join(directory, 'cdk.json'), '{"stages": {"prod": {}}}')
    const app = join(import.meta.dirname, '../../cdk/app.ts')
    const { status, stderr } = spawnSync(process.execPath, [app], {
      encoding: 'utf8',
      cwd: directory,
      env: { PATH: process.env.PATH, CDK_CONTEXT_JSON: '{"stages": {"dev": {}}}' },
    })
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('`stages` must be under `context`'),
    ])
  })

  test('one stage can be chosen', () => {
    const { output } = synth({ stages: { one: {}, two: {} }, stage: 'two' }, 'chosen')
    const templates = readdirSync(output).filter((name) => name.endsWith('.template.json'))
    expect(templates).toEqual(['ClientRegistration-two.template.json'])
  })

  test.each([
    [{ stages: { one: {} }, stage: 'prod' }, 'Stage "prod" does not exist; cdk.json has: one'],
    [{ stages: {} }, 'context.stages must name at least one stage'],
    [{ stages: { 'a b': {} } }, 'Stage "a b"'],
    [{ stages: { one: null } }, 'Stage "one": expected an object of settings'],
    [{ stages: { one: [] } }, 'Stage "one": expected an object of settings'],
    [{ stages: { one: {}, two: { registratoin: 'token' } } }, 'Stage "two": Settings'],
    [
      { stages: { one: { policies: ['public-clients-only', 'nope'] } } },
      'policies: nope is not one of public-clients-only',
    ],
    [
      { stages: { one: { policies: ['allowed-hosts'] } }, extensions: 'test/seeds/extensions' },
      'policies: allowed-hosts is not one of public-clients-only, ',
    ],
    [{ stages: { one: { registratoin: 'token' } } }, 'registratoin: unknown setting'],
    [{ stages: { one: { limits: { body: 1 } } } }, 'limits.body: expected a whole number'],
    [
      { stages: { one: { registrationAccessToken: { rotateOn: [], reuseWindow: 30 } } } },
      'registrationAccessToken.reuseWindow: contradicts rotateOn',
    ],
    [
      { stages: { one: { metadata: { unknown: { allow: { logo_uri: { type: 'string' } } } } } } },
      'metadata.unknown.allow.logo_uri: is a standard member and cannot be redeclared',
    ],
  ])('%j stops it with a message that names the mistake, and no stack', (context, text) => {
    const { status, message } = synth(context, 'none')
    expect(status).toBe(1)
    expect(message).toContain(text)
    expect(message).not.toMatch(/\n\s+at /)
  })
})
