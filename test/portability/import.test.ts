import { statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { hasDigest } from '../../lib/tokens/token.ts'
import {
  throttled,
  transactionConflict,
  type UnreliableDynamodb,
  unreliableDynamodb,
} from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { runCommand } from '../support/command.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { exportTable, importInto } from './commands.ts'
import { parseLines, testFiles, toLines } from './files.ts'
import type { Served } from './rich-table.ts'

const files = testFiles()
const ring = ['--client-secret-key-ring', files.secretRing]
const trusted = [...ring, '--trust']

/** The lines of an export of a table with this many clients, without start, end and checkpoints. */
async function clientLines(count: number, body: object = ordinary) {
  const server = await testServer()
  for (let client = 0; client < count; client += 1) await registered(server, { ...body })
  const { out } = await exportTable(server, '--secrets', ...ring)
  return parseLines(out).filter(({ type }) => type === 'client')
}

const idsIn = async (server: { readonly TableName: string }) =>
  (await stored(server, 'CLIENT#')).map(({ pk }) => String(pk).slice('CLIENT#'.length)).sort()

const change = (server: Served, client_id: string, note: string) =>
  updateClientAdmin({ bearer: masterToken, client_id, body: { note }, now }, server)

describe('an import that is run again', () => {
  test('leaves alone what it imported, and what has changed since', async () => {
    const lines = await clientLines(3)
    const [first] = lines
    const file = files.write(toLines(lines))
    const server = await testServer()
    expect((await importInto(server, file, ...trusted)).out).toContain('3 imported, 0 present')
    await change(server, String(first?.client_id), 'changed since')
    const before = await stored(server, '')
    const again = await importInto(server, file, ...trusted)
    expect(again.code).toBe(0)
    expect(again.out).toContain('3 records: 0 imported, 2 present, 1 kept, 0 skipped, 0 rejected')
    expect(await stored(server, '')).toEqual(before)
  })

  test('into the table that it was exported from changes nothing', async () => {
    const server = await testServer()
    await registered(server)
    const bearer = await initialAccessToken(server)
    await registerClient({ bearer, body: ordinary, now }, server)
    const { out } = await exportTable(server, '--secrets', ...ring)
    const before = await stored(server, '')
    const result = await importInto(server, files.write(out), ...trusted, '--dry-run')
    expect(result.out).toContain('2 kept')
    const written = await importInto(server, files.write(out), ...trusted)
    expect(written.out).toContain('3 records: 0 imported, 1 present, 2 kept')
    expect(await stored(server, '')).toEqual(before)
  })

  test('imports a client that a file has twice once', async () => {
    const [line] = await clientLines(1)
    const server = await testServer()
    const other = { ...line, note: 'another line' }
    const result = await importInto(server, files.write(toLines([line, line, other])), ...trusted)
    expect(result.out).toContain('3 records: 1 imported')
    expect(await idsIn(server)).toEqual([line?.client_id])
  })

  test('begins at the line that it is given', async () => {
    const lines = await clientLines(3)
    const server = await testServer()
    const file = files.write(toLines(lines))
    const result = await importInto(server, file, ...trusted, '--start-line', '3')
    expect(result.out).toContain('1 records: 1 imported')
    expect(await idsIn(server)).toEqual([lines[2]?.client_id])
  })

  test('reads standard input', async () => {
    const lines = await clientLines(1)
    const server = await testServer()
    const words = ['import', '--table', server.TableName, '--input', '-', ...trusted]
    const { out } = await runCommand(words, { input: toLines(lines) })
    expect(out).toContain('1 records: 1 imported')
  })
})

describe('a line that is wrong', () => {
  test('is rejected by its number with the reason, and stops no other', async () => {
    const [good, other] = await clientLines(2)
    const metadata = { ...(good?.metadata as object) }
    const wrong: readonly [unknown, string][] = [
      ['{"format":1,"type":"client"', 'not JSON'],
      ['[]', 'expected a JSON object'],
      [{ ...good, type: 'other' }, 'type: expected client or initial_access_token'],
      [{ ...good, format: 2 }, 'format: expected 1'],
      [{ ...good, client_id: 'a b' }, 'client_id: expected 1 to 255 visible ASCII characters'],
      [{ ...good, client_id: undefined }, 'client_id: '],
      [{ ...good, client_id_issued_at: '1' }, 'client_id_issued_at: expected Unix seconds'],
      [{ ...good, metadata: undefined }, 'metadata: '],
      [
        { ...good, metadata: { ...metadata, grant_types: 'x' } },
        'metadata: expected lists of redirect_uris',
      ],
      [
        JSON.stringify({ ...good, metadata }).replace(
          '"metadata":{',
          '"metadata":{"__proto__":{},',
        ),
        '__proto__: no member may have this name',
      ],
      [{ ...good, client_secret: 'ü' }, 'client_secret: expected 1 to 1024 visible'],
      [{ ...good, client_secret_digest: 'AA' }, 'client_secret_digest: expected 32 bytes'],
      [
        { ...good, client_secret_digest: 'A'.repeat(43) },
        'client_secret_digest: expected either the secret or its digest',
      ],
      [{ ...good, previous_client_secret: 'x' }, 'previous_client_secret_expires_at'],
      [{ ...good, label: '' }, 'label: expected a non-empty string'],
      [{ ...good, secret_jwe: 'x' }, 'secret_jwe: unknown'],
      [{ ...good, lock: { any: [] } }, 'lock.any: unknown'],
      [
        {
          format: 1,
          type: 'initial_access_token',
          id: 'x',
          scope: 's',
          issued_at: 1,
          expires_at: 2,
        },
        'id: expected an id of a token',
      ],
    ]
    const text = wrong
      .map(([line]) => (typeof line === 'string' ? line : JSON.stringify(line)))
      .join('\n')
    const server = await testServer()
    const file = files.write(`${text}\n\n${JSON.stringify(other)}`)
    const report = files.path()
    const { code, err, out } = await importInto(server, file, ...trusted, '--report', report)
    expect(code).toBe(1)
    expect(await idsIn(server)).toEqual([other?.client_id])
    expect(out).toContain(`${wrong.length + 1} records: 1 imported`)
    expect(out).toContain(`${wrong.length} rejected`)
    const reported = parseLines(files.read(report))
    expect(reported.map(({ line }) => line)).toEqual(wrong.map((_, index) => index + 1))
    for (const [index, [, reason]] of wrong.entries())
      expect(reported[index]?.reason, `line ${index + 1}`).toContain(reason)
    for (const { line } of reported) expect(err).toContain(`line ${line}`)
    expect(`${err}${out}${files.read(report)}`).not.toContain(good?.client_secret)
  })

  test('that is not UTF-8, or cut off, is rejected', async () => {
    const [line] = await clientLines(1)
    const server = await testServer()
    const bytes = Buffer.concat([
      Buffer.from(JSON.stringify({ ...line, note: 'x' }).replace('"x"', '"\u00e4"'), 'latin1'),
      Buffer.from(`\n${JSON.stringify(line).slice(0, -30)}`),
    ])
    const file = files.path()
    writeFileSync(file, bytes)
    const { code, out } = await importInto(server, file, ...trusted)
    expect(code).toBe(1)
    expect(out).toContain('2 records: 0 imported, 0 present, 0 kept, 0 skipped, 2 rejected')
  })

  test('is too long for DynamoDB, and rejected by it', async () => {
    const [line] = await clientLines(1)
    const huge = { ...line, metadata: { ...(line?.metadata as object), x: 'x'.repeat(420_000) } }
    const server = await testServer()
    const { code, err } = await importInto(server, files.write(toLines([huge])), ...trusted)
    expect(code).toBe(1)
    expect(err).toContain('line 1')
    expect(await idsIn(server)).toEqual([])
  })
})

describe('an import judged by settings', () => {
  test('rejects, changes and reports as an update would be judged', async () => {
    const [same] = await clientLines(1, { ...ordinary, scope: 'openid' })
    const [narrowed] = await clientLines(1, { ...ordinary, scope: 'openid email' })
    const [rejected] = await clientLines(1, {
      ...ordinary,
      scope: 'openid',
      id_token_signed_response_alg: 'ES256',
    })
    const settings = files.write({
      metadata: { scopes: ['openid'], idTokenSigningAlgs: ['RS256'] },
    })
    const server = await testServer()
    const report = files.path()
    const file = files.write(toLines([same, narrowed, rejected]))
    const rules = ['--settings', settings, '--report', report]
    const dry = await importInto(server, file, ...ring, ...rules, '--dry-run')
    expect(dry.out).toContain('3 records: 2 to import, 0 present, 0 kept, 0 skipped, 1 rejected')
    expect(await stored(server, '')).toEqual([])
    const { code, out } = await importInto(server, file, ...ring, ...rules)
    expect(code).toBe(1)
    expect(out).toContain('changed: scope (1)\n')
    expect(parseLines(files.read(report))).toEqual([
      { line: 2, id: narrowed?.client_id, outcome: 'imported', changed: ['scope'] },
      {
        line: 3,
        id: rejected?.client_id,
        outcome: 'rejected',
        reason: expect.stringContaining('id_token_signed_response_alg: '),
      },
    ])
    const items = await stored(server, 'CLIENT#')
    expect(items.map(({ metadata }) => metadata.scope)).toEqual(['openid', 'openid'])
  })

  test('rejects a client whose policy the settings do not have', async () => {
    const [line] = await clientLines(1)
    const server = await testServer()
    const file = files.write(toLines([{ ...line, policies: ['gone'] }]))
    const { code, err } = await importInto(server, file, ...ring, '--settings', files.write({}))
    expect(code).toBe(1)
    expect(err).toContain('a policy of this request does not exist')
  })

  test('lets clean-up look at clients that it covers as at new ones', async () => {
    const [line] = await clientLines(1)
    const lines = [{ ...line, registration_method: 'anonymous' }, ...(await clientLines(1))]
    const server = await testServer()
    const cleanUp = { mode: 'on', registeredBy: ['anonymous'], neverUsedAfter: 864_000 }
    const rules = ['--settings', files.write({ cleanUp })]
    const before = Math.floor(Date.now() / 1000)
    const { out } = await importInto(server, files.write(toLines(lines)), ...ring, ...rules)
    expect(out).toContain('2 imported')
    const covered = (await stored(server, 'CLIENT#')).filter(({ due_at }) => due_at !== undefined)
    expect(covered).toHaveLength(1)
    expect(covered[0]?.pk).toBe(`CLIENT#${line?.client_id}`)
    expect(covered[0]?.due).toMatch(/^DUE#/)
    expect(covered[0]?.due_at).toBeGreaterThanOrEqual(before + 864_000)
  })
})

describe('clients without a secret that they need', () => {
  test('get a new one with --new-secrets, once, in a file of its owner alone', async () => {
    const [line] = await clientLines(1)
    const { client_secret: _, ...without } = line ?? {}
    const server = await testServer()
    const file = files.write(toLines([without]))
    const secrets = files.path()
    const options = [...trusted, '--new-secrets', secrets]
    const { out, err } = await importInto(server, file, ...options)
    expect(out).toContain('1 imported')
    expect(out).not.toContain('have none')
    const [issued] = parseLines(files.read(secrets))
    expect(issued).toMatchObject({ client_id: line?.client_id, client_secret_expires_at: 0 })
    expect(statSync(secrets).mode & 0o777).toBe(0o600)
    expect(`${out}${err}`).not.toContain(issued?.client_secret)
    const found = await server.clients.find(String(line?.client_id))
    expect(hasDigest(String(issued?.client_secret), found?.secret_digest ?? new Uint8Array())).toBe(
      true,
    )
    expect(found?.secret_jwe).toBeDefined()
    await importInto(server, file, ...options)
    expect(parseLines(files.read(secrets))).toHaveLength(1)
  })
})

describe('an import whose database fails', () => {
  let faulty: UnreliableDynamodb
  beforeAll(async () => {
    faulty = await unreliableDynamodb(embeddedDynamodb)
  })
  afterAll(() => faulty.close())

  const denied = {
    status: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException',
      message: 'not authorized',
    },
  }

  const faultyImport = (server: { readonly TableName: string }, file: string) => {
    const words = ['import', '--table', server.TableName, '--input', file, ...trusted]
    return runCommand(words, { endpoint: faulty.endpoint })
  }

  test('recognizes what a lost response left in the table', async () => {
    const lines = await clientLines(2)
    const server = await testServer()
    faulty.fail('PutItem', 'answer lost', 'request lost', 'answer lost')
    const { out } = await faultyImport(server, files.write(toLines(lines)))
    expect(out).toContain('2 records: 2 imported, 0 present, 0 kept')
    expect(await idsIn(server)).toEqual(lines.map(({ client_id }) => client_id).sort())
  })

  test('repeats what was throttled, or conflicted with another count of the same owner', async () => {
    const [line] = await clientLines(1)
    const counted = { counted: true, owner: 'alice', iss: 'https://issuer.example' }
    const lines = Array.from({ length: 40 }, (_, index) => ({
      ...line,
      client_id: `client-${index}`,
      ...(index % 2 === 0 && counted),
    }))
    const server = await testServer()
    faulty.fail('PutItem', throttled, throttled)
    faulty.fail('TransactWriteItems', transactionConflict, 'answer lost')
    const { code, out } = await faultyImport(server, files.write(toLines(lines)))
    expect(code).toBe(0)
    expect(out).toContain('40 records: 40 imported')
    expect((await stored(server, 'OWNER#')).map(({ clients }) => clients)).toEqual([20])
    expect(await idsIn(server)).toHaveLength(40)
  })

  test('does not check the key ring without the permission, and says so', async () => {
    const server = await testServer()
    faulty.fail('Query', denied)
    const { code, out } = await faultyImport(server, files.write(toLines(await clientLines(1))))
    expect(code).toBe(0)
    expect(out).toContain('the client secret key ring was not checked: that needs dynamodb:Query')
  })

  test('ends with the line to continue at, and loses nothing', async () => {
    const lines = await clientLines(40)
    const server = await testServer()
    const passing = Array.from({ length: 35 }, () => 'no fault' as const)
    faulty.fail('PutItem', ...passing, denied)
    const file = files.write(toLines(lines))
    const { code, out, err } = await faultyImport(server, file)
    expect(code).toBe(2)
    expect(err).toContain('not authorized')
    const next = /--start-line (\d+)/.exec(out)?.[1]
    expect(next).toBeDefined()
    faulty.fail('PutItem')
    await importInto(server, file, ...trusted, '--start-line', String(next))
    expect(await idsIn(server)).toEqual(lines.map(({ client_id }) => client_id).sort())
  })
})

describe('the client secret key ring of an import', () => {
  /** The first key of every stack has the same id. */
  const otherRing = (kid = 's1') => ({
    current: kid,
    [kid]: 'another-key-of-client-secrets-that-is-long-enough',
  })
  const importBy = (server: Served, file: string, keyRing: string) =>
    importInto(server, file, '--trust', '--client-secret-key-ring', keyRing)

  test('is rejected before anything is imported, where it is not that of the table', async () => {
    const file = files.write(toLines(await clientLines(1)))
    const server = await testServer()
    const { client_id } = await registered(server)
    const before = await stored(server, '')
    const result = await importBy(server, file, files.write(otherRing()))
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(
      `the key s1 of the client secret key ring does not decrypt the secret of client ${client_id}: `,
    )
    expect(result.err).not.toContain('another-key')
    expect(await stored(server, '')).toEqual(before)
    const right = await importBy(server, file, files.secretRing)
    expect(right.code).toBe(0)
    expect(right.out).toContain('1 imported')
    expect(right.out).not.toContain('key ring lacks')
    expect(right.out).not.toContain('could not be checked')
  })

  test('is said not to be checked, where no client of the table has a secret', async () => {
    const file = files.write(toLines(await clientLines(1)))
    const server = await testServer()
    await registered(server, { ...ordinary, token_endpoint_auth_method: 'none' })
    const { code, out } = await importBy(server, file, files.secretRing)
    expect(code).toBe(0)
    expect(out).toContain('the client secret key ring could not be checked, because no client here')
  })

  test('is said to lack the keys of the table, by their ids', async () => {
    const file = files.write(toLines(await clientLines(1)))
    const server = await testServer()
    await registered(server)
    const { code, out } = await importBy(server, file, files.write(otherRing('s2')))
    expect(code).toBe(0)
    expect(out).toContain('need keys that the client secret key ring lacks (s1): check that')
    expect(out).not.toContain('another-key')
  })
})

describe('an import', () => {
  test('skips an initial access token that has expired, and keeps one with another digest', async () => {
    const server = await testServer()
    await initialAccessToken(server)
    const { out } = await exportTable(server, '--secrets', ...ring)
    const [line] = parseLines(out).filter(({ type }) => type === 'initial_access_token')
    const expired = { ...line, id: 's00000000000000000000', expires_at: 1 }
    const other = { ...line, token_digest: 'A'.repeat(43) }
    const result = await importInto(
      server,
      files.write(toLines([expired, other, line])),
      ...trusted,
    )
    expect(result.out).toContain('3 records: 0 imported, 1 present, 1 kept, 1 skipped')
  })

  test('warns of short secrets, and of tokens that need the key ring of their origin', async () => {
    const [line] = await clientLines(1)
    const short = { ...line, client_secret: 'a-short-one' }
    const server = await testServer()
    const { out } = await importInto(server, files.write(toLines([short])), ...trusted)
    expect(out).toContain('1 client secrets are shorter than 32 characters: renew them')
    expect(out).toContain(
      '1 registration access tokens work only with the key ring that they were made with',
    )
    expect(out).toContain('the export has no last line: it is incomplete')
  })

  test('keeps the token of a client, which reads it as before', async () => {
    const server = await testServer()
    const { client_id, token } = await registered(server)
    const { out } = await exportTable(server, '--secrets', ...ring)
    const empty = await testServer()
    await importInto(empty, files.write(out), ...trusted)
    const read = await readClient({ bearer: token, client_id, now }, empty)
    expect(read.client_id).toBe(client_id)
  })

  test.each<[string, readonly string[], string]>([
    ['neither settings nor trust', [], 'give --settings, which judge the clients, or --trust'],
    [
      'trust in another server',
      ['--trust', '--from', 'hydra'],
      '--trust goes with exports of this',
    ],
    [
      'new secrets of a dry run',
      ['--trust', '--dry-run', '--new-secrets', 'x'],
      '--new-secrets does not',
    ],
    [
      'new secrets without a ring',
      ['--trust', '--new-secrets', '/tmp/x'],
      'give --client-secret-key-ring',
    ],
    ['an unknown table', ['--trust'], 'no such table in this Region'],
  ])('exits with 2 for %s', async (_, options, problem) => {
    const file = files.write('')
    const TableName = problem.includes('no such') ? 'none' : (await testServer()).TableName
    const result = await importInto({ TableName }, file, ...options)
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(problem)
  })

  test('exits with 2 before it stores a secret that it cannot encrypt', async () => {
    const lines = await clientLines(1)
    const server = await testServer()
    const { code, err } = await importInto(server, files.write(toLines(lines)), '--trust')
    expect(code).toBe(2)
    expect(err).toContain('client secrets are to be encrypted: give --client-secret-key-ring')
    expect(await stored(server, '')).toEqual([])
  })

  test('exits with 2 where the input does not exist, or is no NDJSON', async () => {
    const server = await testServer()
    const none = await importInto(server, '/no/such/file', ...trusted)
    expect(none.code).toBe(2)
    expect(none.err).toContain('ENOENT')
    const long = await importInto(server, files.write('x'.repeat(2_000_000)), ...trusted)
    expect(long.code).toBe(2)
    expect(long.err).toContain('line 1 is longer than 1 MiB')
  })
})
