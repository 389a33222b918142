import { describe, expect, test } from 'vitest'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { exportTable, importInto } from './commands.ts'
import { parseLines, testFiles } from './files.ts'
import { comparableItems, registerOwned, richTable, type Served, settings } from './rich-table.ts'

const files = testFiles()
const ring = ['--client-secret-key-ring', files.secretRing]

async function exported(server: Served): Promise<string> {
  const file = files.path()
  const result = await exportTable(server, '--output', file, '--secrets', ...ring)
  expect(result.code, result.err).toBe(0)
  return file
}

describe('an export with secrets, imported into an empty table', () => {
  test.each([
    ['judged by the settings', () => ['--settings', files.write(settings)]],
    ['trusted', () => ['--trust']],
  ])('gives the same items, secrets and counts of quotas included, %s', async (_, rules) => {
    const server = await richTable()
    const file = await exported(server)
    const empty = await testServer({ settings })
    const imported = await importInto(empty, file, ...ring, ...rules())
    expect(imported.err).toBe('')
    expect(imported.code).toBe(0)
    const clients = (await stored(server, 'CLIENT#')).length
    expect(clients).toBe(12)
    expect(imported.out).toContain(
      `${clients + 1} records: ${clients + 1} imported, 0 present, 0 kept, 0 skipped, 0 rejected\n`,
    )
    expect(imported.out).not.toContain('changed')
    for (const prefix of ['CLIENT#', 'OWNER#', 'IAT#'])
      expect(await comparableItems(empty, prefix)).toEqual(await comparableItems(server, prefix))
  })

  test('gives clients that work with their secret and token, and an initial access token', async () => {
    const server = await testServer()
    const { client_id, client_secret, token } = await registered(server)
    const bearer = await initialAccessToken(server)
    const empty = await testServer()
    await importInto(empty, await exported(server), ...ring, '--trust')
    const read = await readClient({ bearer: token, client_id, now }, empty)
    expect(read).toMatchObject({ ...ordinary, client_id, client_secret })
    const other = await registerClient({ bearer, body: ordinary, now }, empty)
    expect(other.client_secret).toBeDefined()
  })

  test('gives clients that count toward their quotas until they are deleted', async () => {
    const server = await testServer({ settings })
    await registerOwned(server)
    const empty = await testServer({ settings })
    await importInto(empty, await exported(server), ...ring, '--trust')
    const counts = async () => (await stored(empty, 'OWNER#')).map(({ clients }) => clients).sort()
    expect(await counts()).toEqual([1, 1, 2])
    for (const { pk } of await stored(empty, 'CLIENT#')) {
      const client_id = String(pk).slice('CLIENT#'.length)
      await deleteClientAdmin({ bearer: masterToken, client_id, now }, empty)
    }
    expect(await counts()).toEqual([0, 0, 0])
  })

  test('keeps digests only, where the settings do not want secrets encrypted', async () => {
    const server = await testServer()
    const { client_id, token } = await registered(server)
    const digestOnly = files.write({ clientSecret: { storage: 'digest' } })
    const empty = await testServer()
    await importInto(empty, await exported(server), '--settings', digestOnly)
    const [before] = await stored(server, 'CLIENT#')
    const [after] = await stored(empty, 'CLIENT#')
    expect(after?.secret_jwe).toBeUndefined()
    expect(after?.secret_digest).toEqual(before?.secret_digest)
    const read = await readClient({ bearer: token, client_id, now }, empty)
    expect(read.client_secret).toBeUndefined()
    // And such a table exports digests, which are imported as they are.
    const again = await testServer()
    await importInto(again, await exported(empty), '--trust')
    expect((await stored(again, 'CLIENT#'))[0]?.secret_digest).toEqual(before?.secret_digest)
  })
})

describe('an export without secrets', () => {
  test('has no secret, and nothing that is derived from a secret or a token', async () => {
    const server = await richTable()
    const { out, code } = await exportTable(server)
    expect(code).toBe(0)
    const lines = parseLines(out).filter(({ type }) => type !== 'export' && type !== 'end')
    const names = new Set(lines.flatMap((line) => Object.keys(line)))
    const named = [...names].filter((name) => /secret|token|digest|nonce|key|rotate/.test(name))
    expect(named.sort()).toEqual([
      'client_secret_expires_at',
      'initial_access_token',
      'registration_access_token_expires_at',
    ])
    for (const item of [...(await stored(server, 'CLIENT#')), ...(await stored(server, 'IAT#'))])
      for (const [name, value] of Object.entries(item)) {
        if (name === 'secret_jwe') expect(out).not.toContain(value)
        if (!(value instanceof Uint8Array)) continue
        // The digest of a software_id that a quota counts is no credential.
        const encoded = Buffer.from(value).toString('base64url')
        expect(out.includes(encoded), name).toBe(/software/.test(name))
      }
  })

  test('imports clients without a secret, and no initial access token, and counts them', async () => {
    const server = await testServer()
    await registered(server)
    await registered(server, { ...ordinary, token_endpoint_auth_method: 'none' })
    await initialAccessToken(server)
    const { out } = await exportTable(server)
    const empty = await testServer()
    const report = files.path()
    const imported = await importInto(empty, files.write(out), '--trust', '--report', report)
    expect(imported.code).toBe(0)
    expect(imported.out).toContain(
      '3 records: 2 imported, 0 present, 0 kept, 1 skipped, 0 rejected',
    )
    expect(imported.out).toContain('1 clients need a client secret and have none')
    expect(parseLines(files.read(report)).map(({ reason, secret }) => reason ?? secret)).toEqual([
      'missing',
      'exported without secrets: nobody could present it',
    ])
    const items = await stored(empty, 'CLIENT#')
    expect(items).toHaveLength(2)
    for (const item of items) {
      expect(item.client_secret_expires_at).toBeUndefined()
      expect(item.token_expires_at).toBeUndefined()
    }
    expect(await stored(empty, 'IAT#')).toEqual([])
  })
})
