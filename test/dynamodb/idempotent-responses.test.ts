import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { responseKey } from '../../lib/adapters/dynamodb/table.ts'
import { identifyRequest } from '../../lib/idempotency-key.ts'
import { registerClient } from '../../lib/register-client.ts'
import { registerOnce } from '../../lib/register-once.ts'
import type { Server } from '../../lib/server.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken, secretRing } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

type Repeatable = {
  readonly bearer?: string | undefined
  readonly key?: string
  readonly body?: object
  readonly at?: number
}

const aKey = 'a-key-of-these-tests'

/** Registers as the endpoint does. */
function register(
  server: Server,
  { bearer, key = aKey, body = ordinary, at = now }: Repeatable = {},
) {
  const idempotent = identifyRequest(key, bearer, [JSON.stringify(body)])
  const request = { bearer, body: { ...body }, idempotent, now: at }
  return registerOnce(idempotent, at, server, () => registerClient(request, server))
}

const byMaster = { bearer: masterToken }

describe('the response to a registration with an idempotency key', () => {
  test('is repeated for ten minutes, and then the key is new', async () => {
    const server = await testServer()
    const first = await register(server, byMaster)
    expect(await register(server, { ...byMaster, at: now + 599 })).toEqual(first)
    const second = await register(server, { ...byMaster, at: now + 600 })
    expect(second.client_id).not.toBe(first.client_id)
    expect(await register(server, { ...byMaster, at: now + 1199 })).toEqual(second)
    expect(await stored(server, 'CLIENT#')).toHaveLength(2)
    const [item, ...more] = await stored(server, 'IDEMPOTENCY#')
    expect(more).toEqual([])
    expect(item?.expires_at).toBe(now + 1200)
  })

  test('is repeated although the token has expired since', async () => {
    const server = await testServer()
    const bearer = await initialAccessToken(server, { access_token: { lifetime: 60 } })
    const first = await register(server, { bearer })
    expect(await register(server, { bearer, at: now + 120 })).toEqual(first)
  })

  test('belongs to its bearer', async () => {
    const server = await testServer({ settings: { registration: 'dynamic' } })
    const bearers = [masterToken, await initialAccessToken(server), undefined]
    const responses = await Promise.all(bearers.map((bearer) => register(server, { bearer })))
    expect(new Set(responses.map(({ client_id }) => client_id)).size).toBe(3)
    expect(await stored(server, 'IDEMPOTENCY#')).toHaveLength(3)
  })

  test('is not returned to another request with its key, which registers nothing', async () => {
    const server = await testServer()
    await register(server, byMaster)
    const other = register(server, { ...byMaster, body: { ...ordinary, client_name: 'Another' } })
    expect(await outcomeOf(other)).toBe('idempotency_key_reused')
    expect(await stored(server, 'CLIENT#')).toHaveLength(1)
  })

  test.each([
    ['the key', async () => masterToken],
    ['the token', (server: Server) => initialAccessToken(server)],
  ])('is returned where an equal request took %s in the meantime', async (_, bearerOf) => {
    const server = await testServer()
    const bearer = await bearerOf(server)
    const idempotent = identifyRequest(aKey, bearer, [JSON.stringify(ordinary)])
    let other: unknown
    const overtaken = await registerOnce(idempotent, now, server, async () => {
      other = await register(server, { bearer })
      return registerClient({ bearer, body: ordinary, idempotent, now }, server)
    })
    expect(overtaken).toEqual(other)
    expect(await stored(server, 'CLIENT#')).toHaveLength(1)
  })

  test('does not exist for a token that another key has consumed', async () => {
    const server = await testServer()
    const bearer = await initialAccessToken(server)
    await register(server, { bearer })
    const again = register(server, { bearer, key: 'another-key-of-these-tests' })
    expect(await outcomeOf(again)).toBe('invalid_token')
  })

  test('is stored without anything secret, and only with bearer and key it is decrypted', async () => {
    const server = await testServer()
    const response = await register(server, byMaster)
    const [item] = await stored(server, 'IDEMPOTENCY#')
    expect(Object.keys(item ?? {}).sort()).toEqual(
      ['expires_at', 'pk', 'request_digest', 'response_jwe', 'schema'].sort(),
    )
    const [header = '', ...parts] = String(item?.response_jwe).split('.')
    const id = String(item?.pk).slice('IDEMPOTENCY#'.length)
    const decoded = (text: string) => Buffer.from(text, 'base64url').toString('latin1')
    expect(JSON.parse(decoded(header))).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 's1', id })
    const readable = [JSON.stringify(item), ...parts.map(decoded)].join('\n')
    const { client_id, client_secret = '', registration_access_token = '' } = response
    for (const text of [client_id, client_secret, registration_access_token, masterToken, aKey])
      expect(readable).not.toContain(text)

    // The item of this key, moved to another key of the same bearer.
    const other = 'another-key-of-these-tests'
    const { id: otherId, request_digest } = identifyRequest(other, masterToken, [
      JSON.stringify(ordinary),
    ])
    const documents = documentClient({ endpoint: embeddedDynamodb })
    const { response_jwe, expires_at } = item ?? {}
    await documents.send(
      new UpdateCommand({
        TableName: server.TableName,
        Key: responseKey(otherId),
        UpdateExpression: 'SET response_jwe = :jwe, expires_at = :at, request_digest = :digest',
        ExpressionAttributeValues: {
          ':jwe': response_jwe,
          ':at': expires_at,
          ':digest': request_digest,
        },
      }),
    )
    documents.destroy()
    await expect(register(server, { ...byMaster, key: other })).rejects.toThrow(
      'the stored response is invalid',
    )
  })

  test('is decrypted after the key ring was rotated, also where the ring is cached', async () => {
    const server = await testServer()
    const s2 = 'another-key-of-client-secrets-of-these-tests'
    const rotated = { current: 's2', keys: new Map([...secretRing.keys, ['s2', s2]]) }
    const ahead: Server = { ...server, clientSecretKeyRing: async () => rotated }
    const behind: Server = {
      ...server,
      clientSecretKeyRing: async (suffices = () => true) =>
        suffices(secretRing) ? secretRing : rotated,
    }
    const first = await register(ahead, byMaster)
    expect(await register(behind, byMaster)).toEqual(first)
    const before = await register(behind, { ...byMaster, key: 'a-key-before-rotation' })
    expect(await register(ahead, { ...byMaster, key: 'a-key-before-rotation' })).toEqual(before)
  })

  test('is not stored where the registration is rejected, and the key is free', async () => {
    const server = await testServer()
    const bearer = await initialAccessToken(server)
    const wrong = { ...ordinary, redirect_uris: ['http://client.example/'] }
    for (const _ of [1, 2])
      expect(await outcomeOf(register(server, { bearer, body: wrong }))).toBe(
        'invalid_redirect_uri',
      )
    expect(await stored(server, 'IDEMPOTENCY#')).toEqual([])
    expect(await outcomeOf(register(server, { bearer }))).toBe('ok')
  })
})

describe('a token that is consumed on the attempt', () => {
  const issued = (server: Server, max_uses: number) =>
    initialAccessToken(server, { consumed: 'on_attempt', max_uses })
  const wrong = { ...ordinary, redirect_uris: ['http://client.example/'] }
  const usesLeft = async (server: { readonly TableName: string }) =>
    (await stored(server, 'IAT#')).map(({ uses_left }) => uses_left)

  test('is consumed once by a rejected request that is repeated, each time rejected alike', async () => {
    const server = await testServer()
    const bearer = await issued(server, 2)
    for (const at of [now, now + 300, now + 599])
      expect(await outcomeOf(register(server, { bearer, body: wrong, at }))).toBe(
        'invalid_redirect_uri',
      )
    expect(await usesLeft(server)).toEqual([1])
    expect(await outcomeOf(register(server, { bearer, body: wrong, at: now + 600 }))).toBe(
      'invalid_redirect_uri',
    )
    expect(await usesLeft(server)).toEqual([0])
  })

  test.each([1, 2])(
    'admits no more clients than %d uses by the same request later',
    async (uses) => {
      const server = await testServer()
      const bearer = await issued(server, uses)
      const outcomes: string[] = []
      for (const at of [now, now + 599, now + 600, now + 1200, now + 1800])
        outcomes.push(await outcomeOf(register(server, { bearer, at })))
      const admitted = Array.from({ length: 3 }, (_, count) =>
        count < uses - 1 ? 'ok' : 'invalid_token',
      )
      expect(outcomes).toEqual(['ok', 'ok', ...admitted])
      expect(await stored(server, 'CLIENT#')).toHaveLength(uses)
      expect(await usesLeft(server)).toEqual([0])
    },
  )

  test('that has expired since does not admit a repetition', async () => {
    const server = await testServer()
    const body = { consumed: 'on_attempt', access_token: { lifetime: 60 } }
    const bearer = await initialAccessToken(server, body)
    expect(await outcomeOf(register(server, { bearer, body: wrong }))).toBe('invalid_redirect_uri')
    expect(await outcomeOf(register(server, { bearer, body: wrong, at: now + 60 }))).toBe(
      'invalid_token',
    )
  })
})
