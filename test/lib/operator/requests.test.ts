import { describe, expect, test } from 'vitest'
import { documentClient } from '../../../lib/adapters/dynamodb/document-client.ts'
import type { RegisteredClient } from '../../../lib/client.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { checkClientSecret } from '../../../lib/operator/check-client-secret.ts'
import { issueInitialAccessToken } from '../../../lib/operator/issue-initial-access-token.ts'
import { listClients } from '../../../lib/operator/list-clients.ts'
import type { SettingsInput } from '../../../lib/settings/settings.ts'
import { sha256 } from '../../../lib/tokens/token.ts'
import { now, ordinary } from '../../support/clients.ts'
import { masterToken as bearer, composeServer } from '../../support/compose.ts'
import { signer } from '../../support/signer.ts'

/** A server whose table is never reached. */
const serverOf = (settings: SettingsInput = {}) =>
  composeServer(documentClient({ endpoint: 'http://127.0.0.1:9' }), 'none', settings)

const invalid = (description: string) => ({ code: 'invalid_request', description })

describe('a request to list clients', () => {
  test.each<[Record<string, string>, string]>([
    [
      { name: 'x' },
      'unknown filter; known: owner, software_id, label, initial_access_token, state, iss, created_from, created_before',
    ],
    [
      { label: 'x', owner: 'y' },
      'expected at most one of owner, software_id, label, initial_access_token, state',
    ],
    [{ label: '' }, 'label: expected 1 to 64 characters'],
    [{ label: 'x'.repeat(65) }, 'label: expected 1 to 64 characters'],
    [{ label: 'x', iss: 'https://i.example' }, 'iss: expected together with owner'],
    [{ created_from: 'today' }, 'created_from: expected Unix seconds'],
    [{ created_before: '-1' }, 'created_before: expected Unix seconds'],
    [{ limit: '0' }, 'limit: expected a whole number from 1 to 100'],
    [{ limit: '101' }, 'limit: expected a whole number from 1 to 100'],
    [{ limit: '1e1' }, 'limit: expected a whole number from 1 to 100'],
    [{ cursor: 'AAAA' }, 'cursor: expected next_cursor of an earlier page'],
    [{ name_prefix: 'x' }, 'name_prefix: needs the setting findClientsBy.name'],
    [{ redirect_host: 'a.example' }, 'redirect_host: needs the setting findClientsBy.redirectHost'],
  ])('is rejected before the table is read: %j', async (query, description) => {
    const request = listClients({ bearer, now, query }, serverOf())
    await expect(request).rejects.toMatchObject(invalid(description))
  })
})

describe('a request to find clients', () => {
  const server = () => serverOf({ findClientsBy: { name: true, redirectHost: true } })
  const cursorOf = (position: string) => Buffer.from(position).toString('base64url')
  const noHost = 'redirect_host: expected a host without scheme, port and path'
  const noCursor = 'cursor: expected next_cursor of an earlier page'

  test.each<[Record<string, string>, string]>([
    [
      { name: 'x' },
      'unknown filter; known: owner, software_id, label, initial_access_token, name_prefix, redirect_host, state, iss, created_from, created_before',
    ],
    [{ name_prefix: '' }, 'name_prefix: expected 1 to 255 characters'],
    [{ name_prefix: 'x'.repeat(256) }, 'name_prefix: expected 1 to 255 characters'],
    [{ name_prefix: ' \u200B' }, 'name_prefix: expected a visible character'],
    [
      { name_prefix: 'x', created_from: '1' },
      'name_prefix: expected without created_from and created_before',
    ],
    [{ name_prefix: 'x', cursor: cursorOf('1800000000#id') }, noCursor],
    [{ name_prefix: 'x', cursor: cursorOf('other\tid') }, noCursor],
    [{ name_prefix: 'x', cursor: cursorOf(`x${'y'.repeat(200)}\tid`) }, noCursor],
    [{ redirect_host: 'a.example', cursor: cursorOf('x\tid') }, noCursor],
    [{ redirect_host: 'https://a.example' }, noHost],
    [{ redirect_host: 'a.example:443' }, noHost],
    [{ redirect_host: 'a.example/callback' }, noHost],
    [{ redirect_host: 'user@a.example' }, noHost],
    [{ redirect_host: '[::1' }, noHost],
    [{ redirect_host: 'a b' }, noHost],
    [{ redirect_host: 'SEVERAL#0' }, noHost],
    [{ redirect_host: '%' }, noHost],
  ])('is rejected before the table is read: %j', async (query, description) => {
    const request = listClients({ bearer, now, query }, server())
    await expect(request).rejects.toMatchObject(invalid(description))
  })
})

test('a token that is never consumed is issued without max_uses', async () => {
  const body = { consumed: 'never', max_uses: 2 }
  await expect(issueInitialAccessToken({ bearer, body, now }, serverOf())).rejects.toMatchObject(
    invalid('max_uses: contradicts consumed never'),
  )
})

test('a token is issued for no audience but this server', async () => {
  const body = { audience: ['https://as.example', 'https://elsewhere.example'] }
  await expect(issueInitialAccessToken({ bearer, body, now }, serverOf())).rejects.toMatchObject(
    invalid('audience: expected https://as.example or https://as.example/register'),
  )
})

test('an access token of an operator that is not valid is rejected as any wrong token', async () => {
  const issuer = signer()
  const trusted = { issuer: issuer.issuer, jwks: issuer.jwks, audience: ['https://as.example'] }
  const server = serverOf({ accessTokenIssuers: [{ ...trusted, administers: true }] })
  const expired = issuer.accessToken({ exp: now - 60 })
  const request = (token: string) => listClients({ bearer: token, now, query: {} }, server)
  await expect(request(expired)).rejects.toMatchObject({ code: 'invalid_token' })
  await expect(request('another')).rejects.toMatchObject({ code: 'invalid_token' })
})

describe('a client secret is valid', () => {
  const secret = 'a-client-secret'
  const check = async (client_secret: string, fields: Partial<RegisteredClient> = {}) => {
    const server = serverOf()
    const client: RegisteredClient = {
      client_id: 'client',
      client_id_issued_at: now,
      metadata: parseClientMetadata(ordinary, server.settings, { allowEmptyGrantTypes: false }),
      version: 1,
      write_id: new Uint8Array(8),
      secret_digest: sha256(secret),
      client_secret_expires_at: 0,
      ...fields,
    }
    const clients = {
      ...server.clients,
      find: async (id: string) => (id === 'client' ? client : undefined),
    }
    const request = { bearer, client_id: 'client', now, body: { client_secret } }
    return (await checkClientSecret(request, { ...server, clients })).valid
  }

  test('if it is the one of the client, until it expires', async () => {
    expect(await check(secret)).toBe(true)
    expect(await check('another')).toBe(false)
    expect(await check(secret, { client_secret_expires_at: now + 1 })).toBe(true)
    expect(await check(secret, { client_secret_expires_at: now })).toBe(false)
  })

  test('not while the client is disabled', async () => {
    expect(await check(secret, { disabled_at: now })).toBe(false)
  })
})
