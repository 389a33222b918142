import { chmodSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { serveSecrets } from '../../cdk/local/secrets-endpoint.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { runCommand } from '../support/command.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { exportTable } from './commands.ts'
import { parseLines, testFiles } from './files.ts'

const files = testFiles()
const withSecrets = ['--secrets', '--client-secret-key-ring', files.secretRing]

const idsOf = (text: string) =>
  parseLines(text)
    .filter(({ type }) => type === 'client')
    .map(({ client_id }) => client_id)

describe('client-registration export', () => {
  test('writes each client and token once, over several pages, and a start and an end', async () => {
    const server = await testServer()
    const ids: string[] = []
    for (let count = 0; count < 230; count += 1) {
      // Of one shard of the listing, so that it has several pages.
      const clientId = () => `x${String(count).padStart(3, '0')}`.padEnd(21, 'x')
      const generators = { ...server.generators, clientId }
      const request = { bearer: masterToken, body: ordinary, now: now + (count % 7) }
      ids.push((await registerClient(request, { ...server, generators })).client_id)
    }
    await initialAccessToken(server)
    const { code, out, err } = await exportTable(server)
    expect(code).toBe(0)
    expect(idsOf(out).sort()).toEqual(ids.sort())
    const lines = parseLines(out)
    expect(lines[0]).toMatchObject({ type: 'export', table: server.TableName, secrets: false })
    expect(lines.filter(({ type }) => type === 'initial_access_token')).toHaveLength(1)
    const end = { format: 1, type: 'end', clients: 230, initial_access_tokens: 1 }
    expect(lines.at(-1)).toEqual(end)
    expect(err).toContain('230 clients and 1 initial access tokens exported')
  })

  test('continues an export that was cut off anywhere, without a gap or a duplicate', async () => {
    const server = await testServer()
    for (let client = 0; client < 12; client += 1) await registered(server)
    await initialAccessToken(server)
    const file = files.path()
    await exportTable(server, '--output', file)
    const whole = files.read(file)
    const start = whole.indexOf('\n') + 1
    for (const part of [0, 0.3, 0.55, 0.8, 0.999]) {
      writeFileSync(file, whole)
      truncateSync(file, Math.floor(start + (Buffer.byteLength(whole) - start) * part))
      const resumed = await exportTable(server, '--output', file, '--resume')
      expect(resumed.code, resumed.err).toBe(0)
      expect(files.read(file)).toBe(whole)
    }
    const complete = await exportTable(server, '--output', file, '--resume')
    expect(complete.code).toBe(0)
    expect(files.read(file)).toBe(whole)
  })

  test('is readable by its owner alone, also after it was resumed', async () => {
    const server = await testServer()
    await registered(server)
    const file = files.path()
    const { err } = await exportTable(server, '--output', file, ...withSecrets)
    expect(err).toContain(`warning: ${file} contains secrets in plaintext`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o644)
    await exportTable(server, '--output', file, '--resume', ...withSecrets)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('prints a secret neither in its progress nor in its summary', async () => {
    const server = await testServer()
    const { client_secret, token } = await registered(server)
    const file = files.path()
    const { out, err } = await exportTable(server, '--output', file, ...withSecrets)
    expect(files.read(file)).toContain(client_secret)
    expect(files.read(file)).not.toContain(token)
    expect(out).toBe('')
    expect(err).not.toContain(client_secret)
  })

  test('writes the digest of a secret that no ring decrypts, names the client and exits with 1', async () => {
    const server = await testServer()
    const { client_id, client_secret } = await registered(server)
    const other = ['--secrets', '--client-secret-key-ring', files.ring]
    const { code, out, err } = await exportTable(server, ...other)
    expect(code).toBe(1)
    expect(err).toContain(`${client_id}: no key ring has the key s1; its digest is exported`)
    expect(out).not.toContain(client_secret)
    const [item] = await stored(server, 'CLIENT#')
    const digest = Buffer.from(item?.secret_digest as Uint8Array).toString('base64url')
    expect(parseLines(out)[1]).toMatchObject({ client_secret_digest: digest })
    // The second ring is tried after the first.
    const both = await exportTable(server, ...other, '--key-ring', files.secretRing)
    expect(both.code).toBe(0)
    expect(both.out).toContain(client_secret)
  })

  test('reads the key ring from its secret', async () => {
    const server = await testServer()
    const { client_secret } = await registered(server)
    const arn = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:ring'
    const secrets = await serveSecrets(new Map([[arn, files.read(files.secretRing)]]))
    const words = ['export', '--table', server.TableName, '--secrets']
    const environment = { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url }
    const { out } = await runCommand([...words, '--client-secret-key-ring', arn], { environment })
    const unknown = await runCommand([...words, '--client-secret-key-ring', `${arn}s`], {
      environment,
    })
    secrets.close()
    expect(out).toContain(client_secret)
    expect(unknown).toMatchObject({ code: 2, out: '' })
    expect(unknown.err).toContain(`${arn}s: `)
  })

  test('exits with 2 at an item of a newer schema', async () => {
    const server = await testServer()
    const { client_id } = await registered(server)
    const documents = documentClient({ endpoint: embeddedDynamodb })
    const [item] = await stored(server, 'CLIENT#')
    const { TableName } = server
    await documents.send(new PutCommand({ TableName, Item: { ...item, schema: 3 } }))
    documents.destroy()
    const { code, err } = await exportTable(server)
    expect(code).toBe(2)
    expect(err).toContain(`client ${client_id} has schema 3: use a newer version`)
  })

  test.each<[string, readonly string[], string]>([
    ['secrets without their ring', ['--secrets'], '--secrets needs --client-secret-key-ring'],
    ['a ring without --secrets', ['--key-ring', 'file'], 'a key ring goes with --secrets'],
    ['--resume without a file', ['--resume'], '--resume goes with --output'],
    [
      'a ring that is no file',
      ['--secrets', '--client-secret-key-ring', '/no/such'],
      '/no/such: cannot be read (ENOENT)',
    ],
    [
      'a ring that is none',
      ['--secrets', '--client-secret-key-ring', 'package.json'],
      'package.json: ',
    ],
    ['an unknown table', [], 'no such table in this Region'],
  ])('exits with 2 for %s', async (_, options, problem) => {
    const result = await exportTable({ TableName: 'no-such-table' }, ...options)
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(problem)
  })

  test('exits with 2 where the file exists, or is not the one to resume', async () => {
    const server = await testServer()
    await registered(server)
    const file = files.path()
    await exportTable(server, '--output', file)
    const before = files.read(file)
    const again = await exportTable(server, '--output', file)
    expect(again).toMatchObject({ code: 2 })
    expect(again.err).toContain(`${file} exists: continue it by --resume`)
    const secret = await exportTable(server, '--output', file, '--resume', ...withSecrets)
    expect(secret.code).toBe(2)
    expect(secret.err).toContain('without secrets: resume it as such')
    const other = await exportTable(await testServer(), '--output', file, '--resume')
    expect(other.code).toBe(2)
    expect(files.read(file)).toBe(before)
    for (const [content, problem] of [
      ['', 'is empty'],
      ['{"type":"client"}\n', 'is not an export'],
    ] as const) {
      const wrong = await exportTable(server, '--output', files.write(content), '--resume')
      expect(wrong.code).toBe(2)
      expect(wrong.err).toContain(problem)
    }
  })
})
