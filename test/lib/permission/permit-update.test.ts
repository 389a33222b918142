import { describe, expect, test } from 'vitest'
import type { RegisteredClient } from '../../../lib/client.ts'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { permitUpdate } from '../../../lib/permission/permit-update.ts'
import type { PolicyContext } from '../../../lib/policy/policy.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { sha256 } from '../../../lib/tokens/token.ts'
import { now } from '../../support/clients.ts'
import { signer } from '../../support/signer.ts'
import { permitPorts } from './ports.ts'

const redirect_uris = ['https://client.example/cb']
const secret = 'a-client-secret'
const grant_types = ['authorization_code', 'client_credentials']

/** A stored client with this metadata, as settings of then permitted it. */
function clientOf(
  sent: JsonObject = {},
  fields: Partial<RegisteredClient> = {},
  settings: SettingsInput = {},
): RegisteredClient {
  const metadata = parseClientMetadata({ redirect_uris, ...sent }, parseSettings(settings), {
    allowEmptyGrantTypes: true,
  })
  return {
    client_id: 'client',
    client_id_issued_at: now,
    metadata,
    version: 1,
    write_id: new Uint8Array(8),
    secret_digest: sha256(secret),
    registration_method: 'initial_access_token',
    ...fields,
  }
}

type Given = {
  readonly client?: RegisteredClient
  readonly settings?: SettingsInput
  readonly signed?: boolean
}

/** The metadata that an update with this body registers. */
async function updated(sent: JsonObject, { client, settings, signed }: Given = {}) {
  const request = { body: { client_id: 'client', redirect_uris, ...sent }, now }
  const permitted = await permitUpdate(
    signed === undefined ? request : { ...request, signed },
    client ?? clientOf(),
    permitPorts(settings),
  )
  return permitted.metadata
}

const invalid = (description: string) => ({ code: 'invalid_client_metadata', description })

describe('RFC 7592 §2.2 the identity members of an update', () => {
  test.each([
    'registration_access_token',
    'registration_client_uri',
    'client_secret_expires_at',
    'client_id_issued_at',
  ])('do not include %s', async (name) => {
    for (const value of ['a', null])
      await expect(updated({ [name]: value })).rejects.toMatchObject(
        invalid(`${name}: must not be sent in an update`),
      )
  })

  test.each(['another', undefined, null, ''])('are not the client_id %j', async (client_id) => {
    await expect(updated({ client_id })).rejects.toMatchObject(
      invalid('client_id: expected the client_id of this client'),
    )
  })

  test.each([secret, undefined, null, ''])('may be the client_secret %j', async (client_secret) => {
    expect(await updated({ client_secret })).toMatchObject({ redirect_uris })
  })

  test.each(['another', 7, [secret]])('are not the client_secret %j', async (client_secret) => {
    await expect(updated({ client_secret })).rejects.toMatchObject(
      invalid('client_secret: expected the currently issued one, or none'),
    )
  })

  test('are not a client_secret where the client has none', async () => {
    const { secret_digest: _, ...client } = clientOf()
    await expect(updated({ client_secret: secret }, { client })).rejects.toMatchObject({
      code: 'invalid_client_metadata',
    })
  })
})

describe('an update', () => {
  test('cannot make a client trusted, and keeps one that is', async () => {
    const scope = parseSettings({}).trustedRegistrationScope
    await expect(updated({ trusted: true })).rejects.toMatchObject({
      code: 'insufficient_scope',
      description: 'trusted: an update cannot make a client trusted',
      details: { scope },
    })
    const client = clientOf({ trusted: true })
    expect(await updated({ trusted: true }, { client })).toMatchObject({ trusted: true })
    expect(await updated({ trusted: false })).toMatchObject({ trusted: false })
  })

  test('runs the policies of the client, which see how it was registered', async () => {
    const seen: Partial<PolicyContext>[] = []
    const source = { owner: 'alice', iss: 'https://i.example', initial_access_token: 's1' }
    const client = clientOf({}, { ...source, policies: ['look'] })
    const server = permitPorts({}, { look: (context) => void seen.push(context) })
    await permitUpdate({ body: { client_id: 'client', redirect_uris }, now }, client, server)
    expect(seen).toEqual([
      expect.objectContaining({
        ...source,
        operation: 'update',
        registration_method: 'registration_access_token',
        client_id: 'client',
      }),
    ])
    expect(server.annotated).toEqual([{ policies: ['look'] }])
  })

  test('stays within the lock of the client', async () => {
    const client = clientOf({}, { lock: { grants: ['authorization_code'], scopes: ['a'] } })
    expect(await updated({ grant_types, scope: 'a b' }, { client })).toMatchObject({
      grant_types: ['authorization_code'],
      scope: 'a',
    })
  })

  test('may leave a client without grant types only if it has none', async () => {
    const none = { grant_types: [], response_types: [] }
    expect(await updated(none, { client: clientOf(none) })).toMatchObject(none)
    await expect(updated(none)).rejects.toThrow('grant_types')
  })

  test('keeps a reserved scope that the client has', async () => {
    const client = clientOf({ scope: 'a realm' })
    expect(await updated({ scope: 'realm b client-reg' }, { client })).toMatchObject({
      scope: 'realm b',
    })
  })
})

describe('an update of an anonymous client', () => {
  const asked = { grant_types, scope: 'openid admin' }
  const bound = { grant_types: ['authorization_code'], scope: 'openid' }
  const client = clientOf({}, { registration_method: 'anonymous' })

  test('is bound like its registration, unless the request is signed', async () => {
    expect(await updated(asked, { client })).toMatchObject(bound)
    expect(await updated(asked, { client, signed: false })).toMatchObject(bound)
    expect(await updated(asked, { client, signed: true })).toMatchObject(asked)
    expect(await updated(asked)).toMatchObject(asked)
  })

  test('keeps the grant types and scopes that it has', async () => {
    const having = clientOf(asked, { registration_method: 'anonymous' })
    expect(await updated({ ...asked, scope: 'admin other' }, { client: having })).toMatchObject({
      grant_types,
      scope: 'admin',
    })
  })

  test('keeps the size that it has', async () => {
    const contacts = Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(450)}`)
    const having = clientOf({ contacts }, { registration_method: 'anonymous' })
    expect(await updated({ contacts }, { client: having })).toMatchObject({ contacts })
    await expect(updated({ contacts }, { client })).rejects.toThrow('exceed 4096 bytes')
  })

  test('keeps what its statement vouched for only while it sends the statement', async () => {
    const issuer = signer()
    const issuers = [{ issuer: issuer.issuer, jwks: issuer.jwks }]
    const settings = { softwareStatement: { issuers } }
    const software_statement = issuer.sign({ grant_types, scope: 'stated' })
    const stated = clientOf(
      { software_statement, grant_types, scope: 'openid stated' },
      { registration_method: 'anonymous' },
      settings,
    )
    expect(await updated({ software_statement }, { client: stated, settings })).toMatchObject({
      grant_types,
      scope: 'stated',
    })
    const without = { grant_types, scope: 'openid stated' }
    expect(await updated(without, { client: stated, settings })).toMatchObject(bound)
  })

  test('is bound though the client does not say how it was registered, if registration is open', async () => {
    const { registration_method: _, ...unknown } = clientOf()
    const open = { registration: 'dynamic' } as const
    expect(await updated(asked, { client: unknown, settings: open })).toMatchObject(bound)
    expect(await updated(asked, { client: unknown })).toMatchObject(asked)
    const owned = { ...unknown, owner: 'alice' }
    expect(await updated(asked, { client: owned, settings: open })).toMatchObject(asked)
    expect(await updated(asked, { client: clientOf(), settings: open })).toMatchObject(asked)
  })
})
