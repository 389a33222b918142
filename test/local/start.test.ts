import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { endpoints } from '../../cdk/api/endpoints.ts'
import { banner } from '../../cdk/local/banner.ts'
import { chooseSettings } from '../../cdk/local/chosen-settings.ts'
import { findEngine } from '../../cdk/local/dynamodb-engine.ts'
import { startService } from '../../cdk/local/service.ts'
import { readContext } from '../../cdk/local/synthesis.ts'
import { parseStageSettings } from '../../cdk/settings/settings.ts'
import { listen } from '../support/loopback.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'start '))
afterAll(() => rmSync(folder, { recursive: true }))

/** `npm start -- …`, as far as it goes by itself. */
function start(options: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['cdk/local/start.ts', ...options],
    {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...environment },
    },
  )
  return { status, stderr, stdout }
}

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('npm start', () => {
  test.each([
    ['a list', file('list.json', '[]'), 'expected an object of settings, such as {}'],
    ['null', file('null.json', 'null'), 'expected an object of settings, such as {}'],
    ['a text', file('text.json', '"token"'), 'expected an object of settings, such as {}'],
    [
      'no JSON',
      file('broken.json', '{"registration": '),
      'not JSON (Unexpected end of JSON input)',
    ],
    ['no file', join(folder, 'missing.json'), 'cannot be read (ENOENT)'],
    ['a folder', folder, 'cannot be read (EISDIR)'],
    ['a wrong setting', file('wrong.json', '{"cors": 1}'), 'Settings are not valid:\n  cors: '],
  ])('rejects --settings with %s, before anything is started', (_, path, problem) => {
    const { status, stderr } = start(['--settings', path])
    expect(status).toBe(1)
    expect(stderr.split(`error: --settings ${path}: ${problem}`)[0]).toBe('')
  })

  test.each([
    ['--data', 'folder'],
    ['--settings', 'file'],
  ])('rejects an empty %s', (option, kind) => {
    const { status, stderr } = start([option, ''])
    const problem = `Expected the path of a ${kind}.`
    expect([status, stderr]).toEqual([1, expect.stringContaining(problem)])
  })

  test('rejects a --data that cannot be used, before the app is synthesized', () => {
    const path = file('no-folder', '')
    const stderr = `--data ${path}: cannot be used (EEXIST); choose another folder\n`
    expect(start(['--port', '0', '--data', path])).toEqual({ status: 1, stderr, stdout: '' })
  })

  test.each([
    ['MASTER_TOKEN', 'correct horse'],
    ['MASTER_TOKEN', 'clé'],
    ['STATIC_INITIAL_ACCESS_TOKEN', 'two\nlines'],
  ])('rejects a %s that no Authorization header can carry, without repeating it', (name, value) => {
    const { status, stderr, stdout } = start(['--port', '0'], { [name]: value })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`error: ${name} is no bearer token: expected letters, digits`)
    expect(stderr).not.toContain(value)
  })

  test.each([
    ['not JSON', '{"arn": a-secret'],
    ['no object of texts', '{"arn": ["a-secret"]}'],
  ])('rejects CONNECTOR_SECRETS that are %s, without repeating them', (_, value) => {
    const { status, stderr, stdout } = start(['--port', '0'], { CONNECTOR_SECRETS: value })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error: CONNECTOR_SECRETS: expected JSON, such as {')
    expect(stderr).not.toContain('a-secret')
  })

  test('says of a DYNAMODB_ENDPOINT without a DynamoDB how to start one, before the app is synthesized', () => {
    const { status, stderr } = start(['--port', '0'], { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' })
    expect(status).toBe(1)
    expect(stderr).toBe(
      'DYNAMODB_ENDPOINT: no DynamoDB answers at http://127.0.0.1:1 (ECONNREFUSED). Start one:\n' +
        '  docker run --rm -p 127.0.0.1:8000:8000 amazon/dynamodb-local\n',
    )
  })

  test.each([
    ['a page', 200, '<html>'],
    ['a JSON error', 404, '{"message":"Not Found"}'],
    ['a JSON object', 200, '{}'],
  ])('does not take another server for a DynamoDB: %s', async (_, status, body) => {
    const server = createServer((_, response) => response.writeHead(status).end(body))
    const { port, close } = await listen(server)
    const dynamodbEndpoint = `http://127.0.0.1:${port}`
    await expect(startService({ dynamodbEndpoint })).rejects.toThrow(
      `DYNAMODB_ENDPOINT: no DynamoDB answers at ${dynamodbEndpoint} (another server does). Start one:`,
    )
    await close()
  })

  test('names in its help the commands for another DynamoDB', () => {
    const { status, stdout } = start(['--help'])
    expect(status).toBe(0)
    expect(stdout).toContain('  docker run --rm -p 127.0.0.1:8000:8000 amazon/dynamodb-local\n')
    expect(stdout).toContain('  DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm start\n')
  })
})

describe('a platform without an embedded DynamoDB', () => {
  const machine = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv) => ({
    platform,
    arch: 'arm64',
    env,
  })
  const executable = (name: string) => {
    const path = file(name, '')
    chmodSync(path, 0o755)
    return path
  }

  test.each([
    ['darwin', 'DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm start'],
    ['win32', "$env:DYNAMODB_ENDPOINT = 'http://127.0.0.1:8000'; npm start"],
  ] as const)('learns what to install or to set, on %s in its own shell', (platform, line) => {
    expect(() => findEngine(machine(platform, {}))).toThrow(
      `There is no embedded DynamoDB for ${platform}-arm64. Install dynoxide or DynamoDB Local on the PATH, or set DYNAMODB_LOCAL to the folder of DynamoDBLocal.jar, or start a DynamoDB and name it:\n` +
        `  docker run --rm -p 127.0.0.1:8000:8000 amazon/dynamodb-local\n  ${line}`,
    )
  })

  test('runs DynamoDB Local from the PATH, and dynoxide rather than that', () => {
    const env = { PATH: `/nowhere:${folder}` }
    const dynamodbLocal = executable('dynamodb-local')
    const local = findEngine(machine('darwin', env))
    expect(local.program).toBe(dynamodbLocal)
    expect(local.arguments(8000, undefined).join(' ')).toBe(
      '-port 8000 -sharedDb -disableTelemetry -inMemory',
    )
    expect(local.arguments(8000, '/data/table.db').join(' ')).toBe(
      '-port 8000 -sharedDb -disableTelemetry -dbPath /data',
    )
    const dynoxide = executable('dynoxide')
    const preferred = findEngine(machine('darwin', env))
    expect(preferred.program).toBe(dynoxide)
    expect(preferred.arguments(8000, '/data/table.db').join(' ')).toBe(
      '--host 127.0.0.1 -p 8000 --db-path /data/table.db',
    )
  })

  test('runs DynamoDB Local on Java from the folder that DYNAMODB_LOCAL names', () => {
    const env = { DYNAMODB_LOCAL: folder, JAVA_HOME: '/opt/java' }
    const copiedByMaven = findEngine(machine('darwin', env))
    expect(copiedByMaven.program).toBe('/opt/java/bin/java')
    expect(copiedByMaven.arguments(8000, undefined).join(' ')).toContain(
      `-cp ${join(folder, '*')} com.amazonaws.services.dynamodbv2.local.main.ServerRunner -port`,
    )
    file('DynamoDBLocal.jar', '')
    expect(findEngine(machine('darwin', env)).arguments(8000, undefined).join(' ')).toContain(
      `-jar ${join(folder, 'DynamoDBLocal.jar')} -port 8000`,
    )
    expect(() => findEngine(machine('darwin', { DYNAMODB_LOCAL: '/nowhere' }))).toThrow(
      'DYNAMODB_LOCAL: there is no folder /nowhere',
    )
  })
})

describe('cdk.json', () => {
  test.each([
    ['{"context": ', 'cdk.json: not JSON (Unexpected end of JSON input)'],
    ['[]', 'cdk.json: context.stages must name at least one stage'],
    ['{"context": {"stages": []}}', 'cdk.json: context.stages must name at least one stage'],
    ['{"context": {"stages": {"dev": null}}}', 'Stage "dev": expected an object of settings'],
  ])('that is %s is rejected by name', async (text, problem) => {
    await expect(readContext(file('cdk.json', text))).rejects.toThrow(problem)
  })

  test('that is missing is rejected by name', async () => {
    const missing = join(folder, 'nowhere/cdk.json')
    await expect(readContext(missing)).rejects.toThrow('cdk.json: cannot be read (ENOENT)')
  })
})

describe('a stage of cdk.json', () => {
  test('whose settings are not valid is named', () => {
    const stages = { dev: {}, prod: { issuer: 'login.example' } }
    expect(() => chooseSettings({ stage: 'prod' }, stages)).toThrow(
      'Stage "prod": Settings are not valid:\n  issuer: ',
    )
  })

  test('is not blamed for other settings that replace its own', () => {
    const settings = { issuer: 'login.example' }
    expect(() => chooseSettings({ settings }, { dev: {} })).toThrow(/^Settings are not valid:/)
  })

  test('that does not exist is rejected with those that do', () => {
    expect(() => chooseSettings({ stage: 'test' }, { dev: {}, prod: {} })).toThrow(
      'Stage "test" does not exist; cdk.json has: dev, prod',
    )
  })
})

describe('what npm start prints', () => {
  const service = {
    url: 'http://127.0.0.1:3000',
    registrationEndpoint: 'http://127.0.0.1:3000/clients',
    settings: parseStageSettings({ profile: 'connect2id', issuer: 'https://as.example' }),
    masterToken: "it's",
    dynamodbEndpoint: 'http://127.0.0.1:8000',
    tableName: 'clients',
  }

  test('names the settings, their profile and who may register', () => {
    const printed = banner(service, 'stage dev of cdk.json', 1234)
    const { registration } = service.settings
    expect(printed).toContain(
      `settings               stage dev of cdk.json, profile connect2id, registration ${registration}\n`,
    )
  })

  test('lists every path of the service, with its methods', () => {
    const printed = banner(service, 'settings.json', 1234)
    const paths = Object.values(endpoints).flatMap(({ routes }) =>
      Object.entries(routes(service.settings)).filter(([path]) => path !== '$default'),
    )
    expect(paths.length).toBeGreaterThan(9)
    for (const [path, methods] of paths)
      expect(printed).toMatch(
        new RegExp(`  ${methods} +${service.url}${path.replaceAll(/[{}.]/g, '\\$&')}\n`),
      )
  })

  test('has a line that runs a night only where one is scheduled', () => {
    const scheduleEndpoint = 'http://127.0.0.1:8001/path'
    const line = `  curl -s -X POST "${scheduleEndpoint}?days=1"\n\nCtrl-C`
    expect(banner({ ...service, scheduleEndpoint }, 'x', 1234, 'linux')).toContain(line)
    expect(banner(service, 'x', 1234, 'linux')).not.toContain('days=')
  })

  test('is for a POSIX shell, and on Windows for PowerShell', () => {
    const posix = banner(service, 'settings.json', 1234, 'linux')
    expect(posix).toContain("  export MASTER_TOKEN='it'\\''s'\n")
    expect(posix).toContain('  curl -s -X POST http')
    expect(posix).toContain('"Authorization: Bearer $MASTER_TOKEN"')
    const windows = banner(service, 'settings.json', 1234, 'win32')
    expect(windows).toContain("  $env:MASTER_TOKEN = 'it''s'\n")
    expect(windows).toContain('  curl.exe -s -X POST http')
    expect(windows).toContain('"Authorization: Bearer $env:MASTER_TOKEN"')
  })
})
