import { describe, expect, test } from 'vitest'
import type { RegisteredClient } from '../../../lib/client.ts'
import { OAuthError } from '../../../lib/errors.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import { matchToken, requireRegistrationAccessToken } from '../../../lib/tokens/current-token.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import {
  deriveSuccessor,
  generateRegistrationAccessToken,
} from '../../../lib/tokens/registration-access-token.ts'
import { sha256 } from '../../../lib/tokens/token.ts'

const ring: KeyRing = { current: 'k1', keys: new Map([['k1', 'one'.padEnd(32, '.')]]) }
const keyRing = async () => ring
const unavailable = () => Promise.reject(new OAuthError('temporarily_unavailable', 'no keys'))
const now = 1_800_000_000

const serverOf = (registrationAccessToken: SettingsInput['registrationAccessToken'] = {}) => ({
  settings: parseSettings({ registrationAccessToken }),
  keyRing,
})
const server = serverOf({ reuseWindow: 30 })

const metadata = parseClientMetadata(
  { redirect_uris: ['https://client.example/cb'] },
  server.settings,
  { allowEmptyGrantTypes: false },
)
const bare: RegisteredClient = {
  client_id: 'client',
  client_id_issued_at: now,
  metadata,
  version: 1,
  write_id: new Uint8Array(8),
}
const previous = await generateRegistrationAccessToken('client', keyRing)
const { token: current, stored } = await deriveSuccessor(
  'client',
  previous,
  { ...server.settings.registrationAccessToken, lifetime: 60 },
  keyRing,
  now,
)
const client: RegisteredClient = { ...bare, ...stored }
const { rotation_nonce, rotation_key, rotated_at, ...withoutRotation } = client

describe('the token of a client', () => {
  test('is current until it expires', async () => {
    const isCurrent = { is: 'current', current }
    expect(await matchToken(client, current, now, server)).toEqual(isCurrent)
    expect(await matchToken(client, current, now + 59, server)).toEqual(isCurrent)
    expect(await matchToken(client, current, now + 60, server)).toEqual({ is: 'invalid' })
    const { token_expires_at: _, ...lasting } = client
    expect(await matchToken(lasting, current, now + 1e9, server)).toEqual(isCurrent)
  })

  test.each<[string, RegisteredClient]>([
    ['has none', bare],
    ['is disabled', { ...client, disabled_at: now }],
  ])('is invalid where the client %s', async (_, other) => {
    expect(await matchToken(other, current, now, server)).toEqual({ is: 'invalid' })
  })

  test('is pending, and not current, while its client awaits approval', async () => {
    const pending = { ...client, disabled_at: now, pending_at: now }
    expect(await matchToken(pending, current, now + 59, server)).toEqual({ is: 'pending' })
    expect(await matchToken(pending, current, now + 60, server)).toEqual({ is: 'invalid' })
    expect(await matchToken(pending, previous, now, server)).toEqual({ is: 'invalid' })
  })

  test('is the successor of the previous one, inside the reuse window', async () => {
    const isPrevious = { is: 'previous', current }
    expect(await matchToken(client, previous, now, server)).toEqual(isPrevious)
    expect(await matchToken(client, previous, now + 29, server)).toEqual(isPrevious)
  })

  test('is reused after the window, and at once where there is none', async () => {
    const isReused = { is: 'reused', current_digest: sha256(current) }
    expect(await matchToken(client, previous, now + 30, server)).toEqual(isReused)
    for (const at of [now - 1, now, now + 1])
      expect(await matchToken(client, previous, at, serverOf({ reuseWindow: 0 }))).toEqual(isReused)
  })

  test('needs no key where it is current, and is not awaited where it can only be reused', async () => {
    const without = { ...server, keyRing: unavailable }
    expect(await matchToken(client, current, now, without)).toMatchObject({ is: 'current' })
    expect(await matchToken(client, previous, now + 30, without)).toEqual({ is: 'invalid' })
    await expect(matchToken(client, previous, now, without)).rejects.toThrow('no keys')
  })

  test.each<[string, RegisteredClient]>([
    ['another than the previous', { ...client, client_id: 'another' }],
    ['of a client that never rotated', withoutRotation],
    [
      'of a rotation without a nonce',
      { ...withoutRotation, rotation_key, rotated_at } as RegisteredClient,
    ],
    [
      'of a rotation without a key',
      { ...withoutRotation, rotation_nonce, rotated_at } as RegisteredClient,
    ],
    [
      'of a rotation without a time',
      { ...withoutRotation, rotation_nonce, rotation_key } as RegisteredClient,
    ],
  ])('is invalid if it is %s', async (_, other) => {
    for (const at of [now, now + 30])
      expect(await matchToken(other, previous, at, server)).toEqual({ is: 'invalid' })
  })
})

describe('the bearer token at the client configuration endpoint', () => {
  const rejection = { code: 'invalid_token' }

  test('is required', async () => {
    await expect(requireRegistrationAccessToken(undefined, 'client', server)).rejects.toMatchObject(
      {
        code: 'missing_token',
        description: 'a registration access token is required',
      },
    )
  })

  test('is one of this client', async () => {
    expect(await requireRegistrationAccessToken(previous, 'client', server)).toBe(previous)
    await expect(requireRegistrationAccessToken(previous, 'another', server)).rejects.toMatchObject(
      {
        ...rejection,
        description: 'the registration access token is not valid for this client',
      },
    )
  })

  test('of a shared client is returned unverified, without the keys', async () => {
    const without = { ...server, keyRing: unavailable }
    const shared = `shared_${'a'.repeat(43)}`
    expect(await requireRegistrationAccessToken(previous, shared, without)).toBe(previous)
    await expect(
      requireRegistrationAccessToken(previous, shared.slice(0, -1), without),
    ).rejects.toThrow('no keys')
  })

  test.each([
    ['another form', 'client', 'iat_x'],
    ['a client identifier that no client has', 'a client', `rat_${'a'.repeat(43)}`],
  ])('is rejected with %s before the keys are needed', async (_, client_id, bearer) => {
    const without = { ...server, keyRing: unavailable }
    await expect(requireRegistrationAccessToken(bearer, client_id, without)).rejects.toMatchObject(
      rejection,
    )
  })
})
