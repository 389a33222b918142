import type { JsonObject } from '../../../lib/json.ts'
import type { SettingsInput } from '../../../lib/settings/settings.ts'

/** Values of one member that must be accepted and rejected; the table test runs them, and reference.md shows the first. */
export type Example = {
  readonly accepted: readonly unknown[]
  readonly rejected: readonly unknown[]
  /** Members that a client sends with it. */
  readonly beside?: JsonObject
  readonly settings?: SettingsInput
  /** Whether oidc-provider loads the client without this member. */
  readonly unknownToOidcProvider?: true
}

const rsa = Buffer.alloc(256, 0xab).toString('base64url')

export const rsaKey = { kty: 'RSA', kid: 'rsa', n: rsa, e: 'AQAB' } as const
export const ecKey = {
  kty: 'EC',
  crv: 'P-256',
  kid: 'ec',
  x: 'zunUSHxXNdlJV_XgB3PSweCcq522KczFm234vZ4tNrM',
  y: 'a8qzHUq4fxOtYintVdhJ-EGCYvs8MG3gPlR41gBePKI',
} as const
export const okpKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  kid: 'okp',
  x: '-ageSmGtVN-LQB40XBbYodsgohuquap-b2An4pTSj5k',
} as const
export const jwks = { keys: [rsaKey, ecKey] }

export const redirect_uris = ['https://client.example/cb']
const ciba = 'urn:openid:params:grant-type:ciba'

const uris = {
  accepted: ['https://client.example/a?b=c'],
  rejected: [
    'ftp://client.example/',
    'ftp://client.example/https:',
    'http://user@client.example/',
    'https://client.example/%4',
    'https:///client.example',
    'https://client.example\\@evil.example/',
    'javascript:alert(1)',
    'https://client.example/%0d%0a',
    '/relative',
    ' https://client.example/',
    '',
    7,
    ['https://client.example/'],
  ],
} satisfies Example

const webPage = { ...uris, accepted: [...uris.accepted, 'http://client.example/'] }
const httpsOnly = {
  ...uris,
  rejected: [
    ...uris.rejected,
    'http://client.example/',
    'http://client.example/https:',
    'https://client.example/#',
  ],
}
const words = {
  accepted: ['a', 'Käse 日本', 'x'.repeat(4096)],
  rejected: ['', 'a\u0000', 'a\nb', '\ud800', 'x'.repeat(4097), 1, {}, ['a']],
}
const flags = { accepted: [true, false], rejected: ['true', 1, 0, {}, []] }
const redirects = {
  accepted: [['https://client.example/cb'], ['http://127.0.0.1:8080/cb', 'http://[::1]/cb']],
  rejected: [
    'https://client.example/cb',
    ['https://client.example/cb#'],
    ['https://user@client.example/cb'],
    ['https://*.client.example/cb'],
    ['javascript:alert(1)'],
    [''],
    [null],
  ],
}
const signing = (...more: string[]): Example => ({
  accepted: ['RS256', 'ES256', 'PS256', 'EdDSA'],
  rejected: ['none', 'HS256', 'rs256', 'RS1', '', 1, ['RS256'], ...more],
})
const encrypting: Example = {
  accepted: ['RSA-OAEP-256', 'ECDH-ES'],
  rejected: ['RSA1_5', 'A128KW', 'dir', 'none', '', {}],
  beside: { jwks },
}
const encOf = (alg: string): Example => ({
  accepted: ['A128CBC-HS256', 'A256GCM'],
  rejected: ['A128', 'none', '', false],
  beside: { jwks, [alg]: 'RSA-OAEP' },
})
const choice = (accepted: readonly unknown[], beside = {}): Example => ({
  accepted: [accepted],
  rejected: [['unheard-of'], [], 'RS256', [1], [''], {}],
  beside,
})
const signed = signing()
const keyed = { ...signing(), accepted: ['RS256', 'ES256', 'PS256'], beside: { jwks } }
const dn = { token_endpoint_auth_method: 'tls_client_auth' }
const tls = { metadata: { tokenEndpointAuthMethods: ['tls_client_auth'] } }
const certificate = (accepted: unknown[], rejected: unknown[]): Example => ({
  accepted,
  rejected: ['', 1, ...rejected],
  beside: dn,
  settings: tls,
})
const cibaClient = {
  grant_types: [ciba],
  backchannel_token_delivery_mode: 'poll',
}
const cibaServer = { metadata: { grantTypes: [ciba], backchannelUserCodeParameter: true } }
const server: Example = { accepted: ['anything', 1, {}], rejected: [] }

export {
  certificate,
  choice,
  ciba,
  cibaClient,
  cibaServer,
  encOf,
  encrypting,
  flags,
  httpsOnly,
  keyed,
  redirects,
  server,
  signed,
  uris,
  webPage,
  words,
}
