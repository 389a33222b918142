import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { checkDocuments } from '../../../lib/permission/metadata-documents.ts'
import type { FetchJson } from '../../../lib/ports/fetch-json.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { ciba, ecKey, jwks, rsaKey } from '../metadata/example.ts'

const sector_identifier_uri = 'https://client.example/sector'
const jwks_uri = 'https://client.example/jwks'
const redirect_uris = ['https://a.example/cb', 'https://b.example/cb']
const pairwise = { redirect_uris, subject_type: 'pairwise', sector_identifier_uri }
const keyed = { redirect_uris, token_endpoint_auth_method: 'private_key_jwt', jwks_uri }

type Registrant = {
  readonly isAnonymous?: boolean
  readonly anonymous?: NonNullable<SettingsInput['anonymous']>
}
type Metadata = NonNullable<SettingsInput['metadata']>

/** Checks metadata against documents by URL; resolves to what was read and what was logged for the operator. */
async function check(
  sent: JsonObject,
  documents: JsonObject,
  metadata: Metadata = {},
  { isAnonymous = false, anonymous = {} }: Registrant = {},
) {
  const settings = parseSettings({ metadata: { ...metadata }, anonymous })
  const read: string[] = []
  const warnings: string[] = []
  const fetchJson: FetchJson = async (url) => {
    read.push(url)
    if (!(url in documents)) throw new Error('ENOTFOUND')
    return documents[url]
  }
  const warn = (message: string) => warnings.push(message)
  const client = parseClientMetadata(sent, settings, { allowEmptyGrantTypes: false })
  await checkDocuments(client, isAnonymous, { settings, fetchJson, warn })
  return { read, warnings }
}

describe('OpenID Connect Dynamic Client Registration 1.0 §5 sector_identifier_uri', () => {
  test('a document that lists every redirect URI is accepted', async () => {
    const document = [...redirect_uris, 'https://c.example/cb']
    const { read } = await check(pairwise, { [sector_identifier_uri]: document })
    expect(read).toEqual([sector_identifier_uri])
  })

  test.each([
    ['lists one less', [redirect_uris[0]], /expected a document that lists all of redirect_uris/],
    ['lists them differently', ['https://a.example/cb/', redirect_uris[1]], /lists all of/],
    ['is no array', { uris: redirect_uris }, /expected a JSON array of URIs/],
    ['cannot be read', undefined, /the document cannot be read as JSON over https/],
  ])('a document that %s is rejected', async (_, document, problem) => {
    const documents = document ? { [sector_identifier_uri]: document } : {}
    await expect(check(pairwise, documents)).rejects.toMatchObject({
      code: 'invalid_client_metadata',
      description: expect.stringMatching(problem),
    })
  })

  test('a CIBA client’s jwks_uri or endpoint is listed too (CIBA Core 1.0 §4)', async () => {
    const client = {
      grant_types: [ciba],
      subject_type: 'pairwise',
      sector_identifier_uri,
      jwks_uri,
      token_endpoint_auth_method: 'private_key_jwt',
      backchannel_token_delivery_mode: 'poll',
      backchannel_client_notification_endpoint: 'https://client.example/n',
    }
    const { jwks_uri: _, ...others } = client
    const byValue = { ...others, jwks }
    const push = { ...client, backchannel_token_delivery_mode: 'push' }
    const metadata = { grantTypes: [ciba] }
    const listing = (...uris: string[]) => ({ [sector_identifier_uri]: uris })
    await check(client, listing(jwks_uri), metadata)
    await check(byValue, listing(), metadata)
    await check(push, listing('https://client.example/n'), metadata)
    await expect(check(client, listing(), metadata)).rejects.toThrow(/lists all of jwks_uri/)
    await expect(check(push, listing(jwks_uri), metadata)).rejects.toThrow(/notification_endpoint/)
  })
})

describe('RFC 7517 §5 jwks_uri', () => {
  const on = { documents: 'on' } as const

  test('a set of public keys is accepted', async () => {
    const { read } = await check(keyed, { [jwks_uri]: jwks }, on)
    expect(read).toEqual([jwks_uri])
  })

  test.each([
    ['has a private key', { keys: [{ ...rsaKey, d: 'AQAB' }] }, /without private members/],
    ['has no key of a known kind', { keys: [{ kty: 'new' }] }, /a key whose kty is RSA, EC or OKP/],
    ['has no keys', { keys: [] }, /expected a JSON Web Key Set/],
    ['is no set', [], /expected a JSON Web Key Set/],
  ])('a document that %s is rejected', async (_, document, problem) => {
    await expect(check(keyed, { [jwks_uri]: document }, on)).rejects.toThrow(problem)
  })

  test('keys that do not suit the registered algorithm are rejected', async () => {
    const sent = { ...keyed, token_endpoint_auth_signing_alg: 'PS256' }
    await expect(check(sent, { [jwks_uri]: { keys: [ecKey] } }, on)).rejects.toThrow(
      /token_endpoint_auth_signing_alg: needs jwks with a suitable key/,
    )
  })
})

describe('anonymous.fetchDocuments', () => {
  const anonymousClient = { isAnonymous: true }
  const document = { [sector_identifier_uri]: redirect_uris }

  test('false rejects the sector of an anonymous client instead of registering it unchecked', async () => {
    await expect(check(pairwise, document, {}, anonymousClient)).rejects.toMatchObject({
      code: 'invalid_client_metadata',
      description:
        'sector_identifier_uri: the document is not fetched for a client that registers without a token; register with a token, or leave it out',
    })
    const { sector_identifier_uri: _, ...one } = { ...pairwise, redirect_uris: [redirect_uris[0]] }
    expect((await check(one, {}, {}, anonymousClient)).read).toEqual([])
  })

  test('true fetches the sector of an anonymous client', async () => {
    const allowed = { ...anonymousClient, anonymous: { fetchDocuments: true } }
    expect((await check(pairwise, document, {}, allowed)).read).toEqual([sector_identifier_uri])
  })

  test('false fetches nothing where documents only warn, and warns the operator', async () => {
    const { read, warnings } = await check(
      { ...pairwise, ...keyed },
      document,
      { documents: 'warn' },
      anonymousClient,
    )
    expect(read).toEqual([])
    expect(warnings).toHaveLength(2)
  })

  test("false rejects an anonymous client's jwks_uri where documents are 'on', and nothing where 'off'", async () => {
    const documents = { [jwks_uri]: jwks }
    await expect(check(keyed, documents, { documents: 'on' }, anonymousClient)).rejects.toThrow(
      /jwks_uri: the document is not fetched/,
    )
    expect(
      (await check({ ...pairwise, ...keyed }, {}, { documents: 'off' }, anonymousClient)).read,
    ).toEqual([])
  })
})

describe('metadata.documents', () => {
  const both = { ...pairwise, ...keyed }

  test('is by default a check of a pairwise sector, and fetches nothing else', async () => {
    const { read } = await check(both, { [sector_identifier_uri]: redirect_uris })
    expect(read).toEqual([sector_identifier_uri])
    expect((await check({ ...both, subject_type: 'public' }, {})).read).toEqual([])
    expect((await check({ redirect_uris }, {})).read).toEqual([])
  })

  test("'off' fetches nothing", async () => {
    expect((await check(both, {}, { documents: 'off' })).read).toEqual([])
  })

  test("'warn' registers, and warns the operator", async () => {
    const { warnings } = await check(both, { [jwks_uri]: [] }, { documents: 'warn' })
    expect(warnings.sort()).toEqual([
      'jwks_uri: expected a JSON Web Key Set of public keys: {keys: [...]}',
      'sector_identifier_uri: the document cannot be read as JSON over https on port 443 within 2 seconds; after a failure, try again in a minute',
    ])
  })

  test("'on' rejects a document that cannot be read, and fetches none that is not named", async () => {
    const documents: Metadata = { documents: 'on', documentPorts: [443, 8443] }
    await expect(check(keyed, {}, documents)).rejects.toMatchObject({
      description: expect.stringMatching(/^jwks_uri: the document .* on port 443 or 8443 within/),
      details: { cause: new Error('ENOTFOUND') },
    })
    expect((await check({ redirect_uris }, {}, documents)).read).toEqual([])
  })
})
