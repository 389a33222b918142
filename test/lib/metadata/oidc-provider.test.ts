import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/json.ts'
import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import { deviceGrant } from '../../../lib/metadata/grants.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { acrossMembers, everything } from './cross-field.ts'
import { cibaClient, cibaServer, jwks, redirect_uris } from './example.ts'
import { examples } from './examples.ts'
import { loadByOidcProvider } from './oidc-provider.ts'

const profile = 'oidc-provider'

/** The members that are registered and that this server does not know: it loads the client without them. */
const unknown: readonly string[] = [
  'client_name#ja', // RFC 7591 §2.2: it has one language
  ...Object.entries(examples).flatMap(([name, example]) =>
    example.unknownToOidcProvider ? [name] : [],
  ),
]

const native = { application_type: 'native', redirect_uris: ['com.example.app:/cb'] }
const userinfo_encrypted_response_alg = 'RSA-OAEP'
const pairwise = { subject_type: 'pairwise' }
const device: SettingsInput = { metadata: { grantTypes: ['authorization_code', deviceGrant] } }

type Rejected = readonly [why: string, sent: JsonObject, settings?: SettingsInput]

/** What specifications allow, this server does not load, and the profile therefore does not register. */
const rejected: readonly Rejected[] = [
  ['contacts are e-mail addresses', { contacts: ['a@client.example', 'Help desk'] }],
  ['acr values are those of its configuration', { default_acr_values: ['urn:x:silver'] }],
  ['what is encrypted is signed', { jwks, userinfo_encrypted_response_alg }],
  ['there is a response mode', { response_modes: [] }],
  [
    'private-use schemes are for native clients',
    { redirect_uris: native.redirect_uris, application_type: 'web' },
  ],
  ['loopback is http', { ...native, redirect_uris: ['https://localhost/cb'] }],
  ['loopback has three names', { ...native, redirect_uris: ['http://a.localhost/cb'] }],
  ['loopback has three names', { ...native, redirect_uris: ['http://127.0.0.2/cb'] }],
  [
    'a browser comes back from logout as from login',
    { ...native, post_logout_redirect_uris: ['https://localhost/out'] },
  ],
  [
    'keys are in jwks or jwks_uri',
    {
      token_endpoint_auth_method: 'private_key_jwt',
      signed_jwks_uri: 'https://client.example/jwks',
    },
  ],
  [
    'a port makes another sector',
    { ...pairwise, redirect_uris: ['https://a.example/', 'https://a.example:8443/'] },
  ],
  [
    'a device that redirects too has a sector of its own',
    {
      ...pairwise,
      grant_types: ['authorization_code', deviceGrant],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://client.example/jwks',
    },
    device,
  ],
  [
    'the sector of a device is where its keys are',
    {
      ...pairwise,
      redirect_uris: null,
      grant_types: [deviceGrant],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
      sector_identifier_uri: 'https://client.example/sector',
    },
    device,
  ],
  [
    'CIBA pushes nothing',
    {
      ...cibaClient,
      backchannel_token_delivery_mode: 'push',
      backchannel_client_notification_endpoint: 'https://client.example/ciba',
    },
    cibaServer,
  ],
]

/** The errors of oidc-provider's own judgement of a client. */
const cannotBeLoaded = /^invalid_(client_metadata|redirect_uri)$/

function register(sent: JsonObject, settings: SettingsInput): ClientMetadata | undefined {
  try {
    return parseClientMetadata(sent, parseSettings(settings), { allowEmptyGrantTypes: false })
  } catch (error) {
    if (error instanceof OAuthError) return undefined
    throw error
  }
}

/** Loads it, and compares what the server knows with what was registered. */
async function expectLoaded(metadata: ClientMetadata) {
  const loaded = await loadByOidcProvider(metadata)
  for (const [name, value] of Object.entries(metadata))
    if (unknown.includes(name)) expect(loaded).not.toHaveProperty([name])
    else expect(loaded).toHaveProperty([name], value)
}

const underProfile = Object.entries(examples).flatMap(([name, { accepted, beside, settings }]) =>
  accepted.map((value) => {
    const sent = { redirect_uris, ...beside, [name]: value }
    return [
      name,
      JSON.stringify(value)?.slice(0, 60),
      register(sent, { profile, ...settings }),
    ] as const
  }),
)

/** All that the rules across members are about, as far as this server has it. */
const server: SettingsInput = {
  profile,
  metadata: {
    ...everything.metadata,
    responseTypes: ['code', 'id_token', 'code id_token'],
    idTokenSigningAlgs: ['RS256', 'ES256', 'HS256'],
    requestObjectSigningAlgs: ['RS256', 'ES256', 'HS256'],
  },
}
const acrossRules = Object.entries(acrossMembers).flatMap(([rule, { accepted }]) =>
  accepted.map((sent) => {
    const defined = Object.entries(sent).filter(([, value]) => value !== undefined)
    return [rule, sent, register(Object.fromEntries(defined), server)] as const
  }),
)

describe('oidc-provider loads what its profile registers:', () => {
  test.each(underProfile.filter(([, , metadata]) => metadata))(
    'a client with %s %s',
    async (...row) => {
      const [, , metadata] = row
      if (metadata) await expectLoaded(metadata)
    },
  )

  test('all examples but those whose member has a narrower rule there', () => {
    const missing = underProfile.filter(([, , metadata]) => metadata === undefined)
    expect([...new Set(missing.map(([name]) => name))]).toEqual([
      'contacts',
      'userinfo_encrypted_response_alg',
      'userinfo_encrypted_response_enc',
      'default_acr_values',
      'backchannel_token_delivery_mode',
      'userinfo_encryption_alg_values_supported',
    ])
  })

  test.each(acrossRules.filter(([, , metadata]) => metadata))(
    'a client that keeps the rule %s with %j',
    async (...row) => {
      const [, , metadata] = row
      if (metadata) await expectLoaded(metadata)
    },
  )

  test('all examples of the rules across members, but those that this server does not support', () => {
    const missing = acrossRules.filter(([, , metadata]) => metadata === undefined)
    expect(missing.map(([rule]) => rule)).toEqual([
      'grantsMatchResponseTypes', // response_types with token
      'redirectUrisForApplication', // a private-use scheme of a web client
      'keysForKeyMethods', // signed_jwks_uri
      'signedIdTokens', // none
    ])
  })

  test('a client with encrypted UserInfo responses that are signed too', async () => {
    const sent = { redirect_uris, jwks, userinfo_encrypted_response_alg }
    const metadata = register({ ...sent, userinfo_signed_response_alg: 'ES256' }, { profile })
    expect(metadata).toBeDefined()
    if (metadata) await expectLoaded(metadata)
  })
})

describe('the profile oidc-provider rejects what oidc-provider cannot load:', () => {
  const rows = rejected.map(([why, more, settings = {}]) => [why, more, settings] as const)

  test.each(rows)('%s: %j', async (_, more, settings) => {
    const sent = { redirect_uris, ...more }
    expect(register(sent, { profile, ...settings })).toBeUndefined()
    const metadata = register(sent, settings)
    expect(metadata).toBeDefined()
    if (metadata) await expect(loadByOidcProvider(metadata)).rejects.toThrow(cannotBeLoaded)
  })
})

test.each(unknown)('oidc-provider ignores the member %s', async (name) => {
  const registered = [
    ...underProfile.map(([, , metadata]) => metadata),
    register({ redirect_uris, 'client_name#ja': 'x' }, { profile }),
  ].find((metadata) => metadata && name in metadata)
  expect(registered).toBeDefined()
  if (registered) expect(await loadByOidcProvider(registered)).not.toHaveProperty([name])
})
