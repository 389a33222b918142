import { decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { cachedSecrets } from '../../lib/adapters/secrets-manager/cached-secrets.ts'
import { keyRingSource } from '../../lib/adapters/secrets-manager/key-ring-source.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'

const key = (name: string) => `the-key-${name}-of-these-tests`.padEnd(40, '.')
const ringOf = (current: string, ...others: readonly string[]) =>
  Object.fromEntries([['current', current], ...[current, ...others].map((id) => [id, key(id)])])

/** A server whose two key rings are read in one request, and counts how often they are. */
async function story() {
  const held: Record<string, object> = { tokens: ringOf('k1'), secrets: ringOf('s1') }
  const state = { held, reads: 0, milliseconds: 0 }
  const secrets = cachedSecrets(
    async () => {
      state.reads += 1
      return new Map(Object.entries(state.held).map(([id, ring]) => [id, JSON.stringify(ring)]))
    },
    () => state.milliseconds,
  )
  const keyRing = keyRingSource(secrets, 'tokens')
  const clientSecretKeyRing = keyRingSource(secrets, 'secrets')
  const server = { ...(await testServer()), keyRing, clientSecretKeyRing }
  /** Version 0.1 had one ring for all. */
  const before = { ...server, clientSecretKeyRing: keyRing }
  const keyId = async (client_id: string) =>
    decodeProtectedHeader((await server.clients.find(client_id))?.secret_jwe ?? '').kid
  const read = ({ client_id, token: bearer }: { client_id: string; token: string }) =>
    readClient({ bearer, client_id, now }, server)
  const update = (
    { client_id, token: bearer }: { client_id: string; token: string },
    members: object = {},
  ) =>
    updateClient({ bearer, client_id, body: { ...ordinary, client_id, ...members }, now }, server)
  return { state, server, before, keyId, read, update }
}

describe('the client secret key ring', () => {
  test('encrypts new client secrets, and the other ring derives the token of a rotation', async () => {
    const { server, keyId, update } = await story()
    const client = await registered(server)
    expect(await keyId(client.client_id)).toBe('s1')
    await update(client)
    expect((await server.clients.find(client.client_id))?.rotation_key).toBe('k1')
  })

  test('is not needed to register or update a public client', async () => {
    const { state, server } = await story()
    state.held = { tokens: ringOf('k1') }
    const body = { ...ordinary, token_endpoint_auth_method: 'none' }
    const client = await registered(server, body)
    const { client_id, token: bearer } = client
    await updateClient({ bearer, client_id, body: { ...body, client_id }, now }, server)
    await expect(
      registerClient({ bearer: masterToken, body: ordinary, now }, server),
    ).rejects.toMatchObject({ code: 'temporarily_unavailable' })
  })
})

describe('a client secret from before it', () => {
  test('is read by the key ring of then, without another request for secrets', async () => {
    const { state, before, keyId, read } = await story()
    const client = await registered(before)
    expect(await keyId(client.client_id)).toBe('k1')
    state.milliseconds = 60_000
    expect(await read(client)).toMatchObject({ client_secret: client.client_secret })
    expect(state.reads).toBe(1)
  })

  test('stays the same in an update, which encrypts it under the client secret key ring', async () => {
    const { state, server, before, keyId, read, update } = await story()
    const client = await registered(before)
    const { client_secret } = client
    const updated = await update(client)
    expect(updated).toMatchObject({ client_secret, client_secret_expires_at: 0 })
    expect(await keyId(client.client_id)).toBe('s1')
    const token = String(updated.registration_access_token)
    expect(await read({ ...client, token })).toMatchObject({ client_secret })
    expect([state.reads, server.warnings]).toEqual([1, []])
  })

  test('is read where an id is in both rings', async () => {
    const { state, server, before, read } = await story()
    state.held = { tokens: ringOf('k1'), secrets: { current: 'k1', k1: key('other') } }
    for (const at of [before, server]) {
      const client = await registered(at)
      expect(await read(client)).toMatchObject({ client_secret: client.client_secret })
    }
  })

  test('is read by a key that another instance has just added to the ring of then', async () => {
    const { state, before, read } = await story()
    const client = await registered(before)
    state.held = { tokens: ringOf('k2', 'k1'), secrets: ringOf('s1') }
    const rotated = { ...before, clientSecretKeyRing: async () => parsed(ringOf('k2')) }
    const newer = await registered(rotated)
    state.milliseconds = 10_000
    expect(await read(newer)).toMatchObject({ client_secret: newer.client_secret })
    expect(await read(client)).toMatchObject({ client_secret: client.client_secret })
    expect(state.reads).toBe(2)
  })

  /** Renames the key in its ring: it still proves tokens, but no longer decrypts the secret. */
  async function loseKey({ state, server }: Awaited<ReturnType<typeof story>>) {
    state.held = { tokens: { ...ringOf('k2'), renamed: key('k1') }, secrets: ringOf('s1') }
    state.milliseconds = 300_000
    await server.keyRing(({ keys }) => keys.has('renamed'))
  }

  test('is kept by an update where its key is gone, and the operator is warned', async () => {
    const begun = await story()
    const { server, before, keyId, update } = begun
    const client = await registered(before)
    const stored = await server.clients.find(client.client_id)
    await loseKey(begun)
    expect(await update(client)).not.toHaveProperty('client_secret')
    expect(await keyId(client.client_id)).toBe('k1')
    const { secret_digest } = (await server.clients.find(client.client_id)) ?? {}
    expect(secret_digest).toEqual(stored?.secret_digest)
    expect(server.warnings).toEqual([
      `the client secret of ${client.client_id} cannot be decrypted`,
    ])
  })

  test('is encrypted anew where its key is gone and the client sends it', async () => {
    const begun = await story()
    const { server, before, keyId, read, update } = begun
    const client = await registered(before)
    const { client_id, client_secret } = client
    await loseKey(begun)
    const updated = await update(client, { client_secret })
    expect(updated).toMatchObject({ client_secret })
    expect(await keyId(client_id)).toBe('s1')
    const token = String(updated.registration_access_token)
    expect(await read({ client_id, token })).toMatchObject({ client_secret })
    expect(server.warnings).toEqual([])
  })
})

const parsed = ({ current, ...keys }: Record<string, string>) => ({
  current: String(current),
  keys: new Map(Object.entries(keys)),
})
