import { describe, expect, test } from 'vitest'
import { now } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'
import { importInto } from './commands.ts'
import { parseLines, testFiles } from './files.ts'
import { comparableItems } from './rich-table.ts'

const files = testFiles()
const jwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}

/** Imports an export of this server; resolves to the stored clients by id, and the report. */
async function imported(from: string, content: unknown, settings: object = {}) {
  const server = await testServer()
  const report = files.path()
  const result = await importInto(
    server,
    files.write(content),
    ...['--from', from, '--settings', files.write(settings), '--report', report],
    ...['--client-secret-key-ring', files.secretRing],
  )
  const items = await comparableItems(server, 'CLIENT#')
  const clients = new Map(items.map(({ pk, ...item }) => [String(pk).slice(7), item]))
  return { server, result, clients, report: parseLines(files.read(report)) }
}

describe('an export of Keycloak', () => {
  const web = {
    id: '0b8d7c3a-5b8e-4d0f-9d55-0c3b3f6f7a10',
    clientId: 'shop',
    name: 'The shop',
    description: 'Sells things',
    rootUrl: 'https://shop.example',
    baseUrl: '/home',
    enabled: true,
    protocol: 'openid-connect',
    clientAuthenticatorType: 'client-secret',
    secret: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4',
    redirectUris: ['/callback', 'https://shop.example/other', 'https://shop.example/*'],
    webOrigins: ['+'],
    publicClient: false,
    bearerOnly: false,
    consentRequired: true,
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: true,
    frontchannelLogout: false,
    fullScopeAllowed: true,
    attributes: {
      'client.secret.creation.time': '1700000000',
      'post.logout.redirect.uris': 'https://shop.example/bye##https://shop.example/x/*',
      'backchannel.logout.url': 'https://shop.example/logout',
      'backchannel.logout.session.required': 'true',
      'id.token.signed.response.alg': 'ES256',
      'request.object.signature.alg': 'any',
      'access.token.lifespan': '300',
      'tls.client.certificate.bound.access.tokens': 'false',
    },
    defaultClientScopes: ['web-origins', 'acr', 'roles', 'profile', 'email'],
    optionalClientScopes: ['address', 'offline_access'],
  }

  test('of a realm gives its clients their names, secrets and rules', async () => {
    const { result, clients, report } = await imported('keycloak', { realm: 'r', clients: [web] })
    expect(result.code, result.err).toBe(0)
    expect(clients.get('shop')).toMatchObject({
      admission: 'operator',
      secret_jwe: web.secret,
      client_secret_expires_at: 0,
      version: 1,
      metadata: {
        client_name: 'The shop',
        client_uri: 'https://shop.example/home',
        redirect_uris: ['https://shop.example/callback', 'https://shop.example/other'],
        grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: 'openid profile email address offline_access',
        post_logout_redirect_uris: ['https://shop.example/bye'],
        backchannel_logout_uri: 'https://shop.example/logout',
        backchannel_logout_session_required: true,
        id_token_signed_response_alg: 'ES256',
      },
    })
    expect(report[0]?.dropped).toEqual([
      'description',
      'webOrigins',
      'consentRequired',
      'fullScopeAllowed',
      'redirectUris (wildcard)',
      'attributes.access.token.lifespan',
      'attributes.post.logout.redirect.uris (wildcard)',
    ])
    expect(result.out).toContain('dropped: description (1), ')
  })

  test('maps public, disabled, JWT and certificate clients, as a list of the admin API', async () => {
    const list = [
      {
        clientId: 'app',
        publicClient: true,
        secret: 'of-no-use',
        redirectUris: ['com.example.app:/callback'],
        attributes: { 'pkce.code.challenge.method': 'S256' },
      },
      { ...web, clientId: 'off', enabled: false },
      {
        clientId: 'machine',
        clientAuthenticatorType: 'client-jwt',
        standardFlowEnabled: false,
        serviceAccountsEnabled: true,
        attributes: {
          'use.jwks.string': 'true',
          'jwks.string': JSON.stringify({ keys: [jwk] }),
          'token.endpoint.auth.signing.alg': 'ES256',
        },
      },
      {
        clientId: 'bank',
        clientAuthenticatorType: 'client-x509',
        standardFlowEnabled: false,
        serviceAccountsEnabled: true,
        attributes: {
          'x509.subjectdn': 'CN=bank,O=Example',
          'tls.client.certificate.bound.access.tokens': 'true',
          'use.jwks.url': 'true',
          'jwks.url': 'https://bank.example/jwks.json',
        },
      },
    ]
    const tokenEndpointAuthMethods = [
      'client_secret_basic',
      'private_key_jwt',
      'tls_client_auth',
      'none',
    ]
    const settings = { metadata: { tokenEndpointAuthMethods } }
    const { result, clients } = await imported('keycloak', list, settings)
    expect(result.code, result.err).toBe(0)
    expect(clients.get('app')?.metadata).toMatchObject({
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
    })
    expect(clients.get('app')).not.toHaveProperty('secret_digest')
    expect(clients.get('off')?.disabled_at).toEqual(expect.any(Number))
    expect(clients.get('machine')?.metadata).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      grant_types: ['client_credentials'],
      response_types: [],
      jwks: { keys: [jwk] },
    })
    expect(clients.get('bank')?.metadata).toMatchObject({
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=bank,O=Example',
      tls_client_certificate_bound_access_tokens: true,
      jwks_uri: 'https://bank.example/jwks.json',
    })
  })

  test('skips clients of Keycloak itself, of SAML and resource servers, and rejects wildcards alone', async () => {
    const { result, clients, report } = await imported('keycloak', {
      clients: [
        { clientId: 'account' },
        { clientId: 'saml-app', protocol: 'saml' },
        { clientId: 'api', bearerOnly: true },
        { clientId: 'wild', redirectUris: ['*'], publicClient: true },
        { clientId: 'https://app.example/', publicClient: true },
        { clientId: 'masked', secret: '**********', redirectUris: ['https://a.example/cb'] },
        { name: 'no id' },
      ],
    })
    expect(result.code).toBe(1)
    expect([...clients.keys()]).toEqual(['masked'])
    expect(report.map(({ line, outcome, reason }) => [line, outcome, reason])).toEqual([
      [1, 'skipped', 'a client of Keycloak itself'],
      [2, 'skipped', 'a client of SAML'],
      [3, 'skipped', 'a resource server (bearerOnly)'],
      [4, 'rejected', expect.stringContaining('redirect_uris')],
      [5, 'rejected', expect.stringContaining('without / ? # %')],
      [6, 'imported', undefined],
      [7, 'rejected', 'clientId: expected a string'],
    ])
    expect(report[5]).toMatchObject({ secret: 'missing', dropped: ['secret (masked)'] })
  })
})

describe('an export of Hydra', () => {
  const client = {
    client_id: 'd44ae4b5-5b9a-4d0c-9d5c-1f6a8e0a9d55',
    client_name: 'A client of Hydra',
    redirect_uris: ['https://client.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: 'openid offline',
    audience: ['https://api.example'],
    owner: 'someone',
    policy_uri: '',
    allowed_cors_origins: [],
    tos_uri: '',
    client_uri: '',
    logo_uri: '',
    contacts: null,
    client_secret_expires_at: 0,
    client_secret: '$pbkdf2-sha256$i=25000,l=32$abc$def',
    subject_type: 'public',
    jwks: {},
    token_endpoint_auth_method: 'client_secret_post',
    userinfo_signed_response_alg: 'none',
    created_at: '2023-05-01T10:00:00.9Z',
    updated_at: '2023-05-02T10:00:00Z',
    metadata: { tier: 'gold' },
    skip_consent: true,
    authorization_code_grant_access_token_lifespan: '1h',
    refresh_token_grant_access_token_lifespan: null,
  }

  test.each([
    ['a list', (one: object) => [one]],
    ['pages of the command line', (one: object) => ({ items: [one], next_page_token: '' })],
    ['lines', (one: object) => `${JSON.stringify(one)}\n`],
  ])('as %s gives its clients without a secret, which the report says', async (_, form) => {
    const { result, clients, report } = await imported('hydra', form(client))
    expect(result.code, result.err).toBe(0)
    const stored = clients.get(client.client_id)
    expect(stored).toMatchObject({
      client_id_issued_at: Date.parse('2023-05-01T10:00:00Z') / 1000,
      metadata: {
        client_name: 'A client of Hydra',
        redirect_uris: ['https://client.example/callback'],
        scope: 'openid offline',
        token_endpoint_auth_method: 'client_secret_post',
        subject_type: 'public',
      },
    })
    expect(stored).not.toHaveProperty('secret_digest')
    expect(Object.keys(stored?.metadata as object)).not.toContain('userinfo_signed_response_alg')
    expect(report).toEqual([
      {
        line: 1,
        id: client.client_id,
        outcome: 'imported',
        dropped: [
          'audience',
          'owner',
          'client_secret',
          'metadata',
          'skip_consent',
          'authorization_code_grant_access_token_lifespan',
        ],
        secret: 'missing',
      },
    ])
    expect(result.out).toContain('1 clients need a client secret and have none: see --new-secrets')
  })
})

describe('documents of the adapter of oidc-provider', () => {
  const payload = {
    client_id: 'foo',
    client_secret: 'a-secret-of-oidc-provider-that-is-long',
    client_id_issued_at: now,
    client_secret_expires_at: 0,
    client_name: 'Foo',
    redirect_uris: ['https://foo.example/cb'],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_post',
    require_auth_time: true,
    tenant: 'blue',
  }

  test.each([
    ['by themselves', payload],
    ['in the payload of a database', { _id: 'foo', payload }],
  ])('%s keep secret, times and metadata', async (_, document) => {
    const { result, clients, report } = await imported('oidc-provider', [document])
    expect(result.code, result.err).toBe(0)
    expect(clients.get('foo')).toMatchObject({
      client_id_issued_at: now,
      client_secret_expires_at: 0,
      secret_jwe: payload.client_secret,
      metadata: {
        client_name: 'Foo',
        require_auth_time: true,
        token_endpoint_auth_method: 'client_secret_post',
      },
    })
    expect(report).toEqual([{ line: 1, id: 'foo', outcome: 'imported', dropped: ['tenant'] }])
  })

  test('keep empty lists: those of a machine, and of a client without grants', async () => {
    const machine = {
      ...payload,
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
    }
    const none = { ...machine, client_id: 'none', grant_types: [] }
    const { clients } = await imported('oidc-provider', [machine, none])
    expect(clients.get('foo')?.metadata).toMatchObject({
      grant_types: ['client_credentials'],
      response_types: [],
    })
    expect(clients.get('none')?.metadata).toMatchObject({ grant_types: [], response_types: [] })
  })

  test('keep a member that the settings declare', async () => {
    const settings = { metadata: { unknown: { allow: { tenant: { type: 'string' } } } } }
    const { clients, report } = await imported('oidc-provider', [payload], settings)
    expect(clients.get('foo')?.metadata).toMatchObject({ tenant: 'blue' })
    expect(report).toEqual([])
  })

  test('give no scope of the operator, no identifier of a shared client, and no member that code would read', async () => {
    const { clients, report } = await imported('oidc-provider', [
      { ...payload, scope: 'openid client-admin clients:read' },
      { ...payload, client_id: `shared_${'a'.repeat(43)}` },
      { ...payload, client_id: 'bar', tenant: { constructor: { name: 'Uint8Array' } } },
    ])
    expect(clients.get('foo')?.metadata).toMatchObject({ scope: 'openid' })
    expect(report[1]).toMatchObject({
      outcome: 'rejected',
      reason: 'client_id: this form is kept for shared clients',
    })
    expect(report[2]).toMatchObject({
      outcome: 'rejected',
      reason: 'constructor: no member may have this name',
    })
  })

  test('are verified where they have a software statement', async () => {
    const statement = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`
    const { issuer, jwks } = signer()
    const settings = { softwareStatement: { issuers: [{ issuer, jwks }] } }
    const documents = [{ ...payload, software_statement: statement }]
    const { result, server } = await imported('oidc-provider', documents, settings)
    expect(result.code).toBe(1)
    expect(await stored(server, '')).toEqual([])
  })
})
