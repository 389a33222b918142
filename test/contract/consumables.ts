import { beforeEach, describe, expect, test } from 'vitest'
import type { Consumable, StoredResponse } from '../../lib/ports/consumable.ts'
import type { InitialAccessToken } from '../../lib/tokens/initial-access-token.ts'
import { generateBytes } from '../../lib/tokens/token.ts'
import { atOnce, conditionOf, newClient, newInitialAccessToken, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

const oneUse = ({ id, token_digest }: InitialAccessToken): Consumable => ({
  kind: 'initial_access_token',
  id,
  token_digest,
})

const usedJwt = (kind: 'access_token' | 'signed_request'): Consumable => ({
  kind,
  digest: generateBytes(32),
  remembered_until: now + 60,
})

const response = (id: string, more: Partial<StoredResponse> = {}): StoredResponse => ({
  id,
  request_digest: generateBytes(32),
  response_jwe: 'a.b.c.d.e',
  expires_at: now + 600,
  ...more,
})

const keyed = (stored: StoredResponse): Consumable => ({ kind: 'idempotency_key', ...stored })

const owned = (max: number, iss?: string): Consumable => ({
  kind: 'owned_client',
  owner: 'alice',
  iss,
  max,
})

/** What any ClientStore must do with what a registration consumes. */
export function consumablesContract(makeStores: MakeStores): void {
  let stores: Stores
  beforeEach(async () => {
    stores = await makeStores()
  })

  const create = (consumables: readonly Consumable[], client = newClient()) =>
    stores.clients.create(client, consumables)

  const issued = async (uses: number, more: Partial<InitialAccessToken> = {}) => {
    const token = newInitialAccessToken(uses, more)
    await stores.initialAccessTokens.issue(token)
    return token
  }

  const usesLeft = async ({ id }: InitialAccessToken) =>
    (await stores.initialAccessTokens.find(id))?.uses_left

  describe('a creation that consumes', () => {
    test('one use of an initial access token takes it, and says when', async () => {
      const token = await issued(2)
      expect(await create([oneUse(token)])).toEqual({ outcome: 'created' })
      const found = await stores.initialAccessTokens.find(token.id)
      expect(found).toMatchObject({ uses_left: 1, last_used_at: now })
    })

    test('a token of ten uses succeeds exactly ten times of fifty at once', async () => {
      const token = await issued(10)
      const results = await atOnce(50, () => create([oneUse(token)]))
      expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(10)
      expect(await usesLeft(token)).toBe(0)
    })

    test.each<[string, Partial<InitialAccessToken>]>([
      ['used up', { uses_left: 0 }],
      ['expired', { expires_at: now }],
      ['of another digest', {}],
    ])('a token that is %s stores nothing', async (reason, more) => {
      const token = await issued(1, more)
      const presented = reason === 'of another digest' ? newInitialAccessToken(1) : token
      const client = newClient()
      const consumable = oneUse({ ...token, token_digest: presented.token_digest })
      const kind = 'initial_access_token'
      expect(await create([consumable], client)).toEqual({ outcome: 'consumed', kind })
      expect(await stores.clients.find(client.client_id)).toBeUndefined()
      expect(await usesLeft(token)).toBe(token.uses_left)
    })

    test.each(['access_token', 'signed_request'] as const)(
      'a JWT (%s) succeeds exactly once of twenty at once',
      async (kind) => {
        const consumable = usedJwt(kind)
        const results = await atOnce(20, () => create([consumable]))
        expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
        expect(results).toContainEqual({ outcome: 'consumed', kind })
      },
    )

    test.each<[string, Consumable, Consumable]>([
      [
        'an hour',
        { kind: 'anonymous_client', hour: now, max: 3 },
        { kind: 'anonymous_client', hour: now + 3600, max: 3 },
      ],
      ['an owner', owned(3), owned(3, 'https://as.example')],
      [
        'a redirect host',
        { kind: 'redirect_host', hour: now, host: 'one.example', max: 3 },
        { kind: 'redirect_host', hour: now, host: 'two.example', max: 3 },
      ],
      [
        'a software_id',
        { kind: 'software_client', software_id: 'notes', max: 3 },
        { kind: 'software_client', software_id: 'mail', max: 3 },
      ],
    ])('the quota of %s succeeds up to it, and leaves another one alone', async (_, one, other) => {
      const results = await atOnce(20, () => create([one]))
      expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(3)
      expect(await create([other])).toEqual({ outcome: 'created' })
    })

    test('an owner’s quota gets it back when a counted client is deleted', async () => {
      const owner = { owner: 'alice', counted: true } as const
      const [own, operators] = [newClient(owner), newClient(owner)]
      const full = { outcome: 'consumed', kind: 'owned_client' }
      for (const client of [own, operators])
        expect(await create([owned(2)], client)).toEqual({ outcome: 'created' })
      expect(await create([owned(2)])).toEqual(full)
      await stores.clients.delete(own.client_id, conditionOf(own))
      await stores.clientAdmin.delete(operators.client_id)
      for (const expected of [{ outcome: 'created' }, { outcome: 'created' }, full])
        expect(await create([owned(2)])).toEqual(expected)
    })

    test('an idempotency key stores its response exactly once of twenty at once', async () => {
      const responses = Array.from({ length: 20 }, () => response('one'))
      const results = await Promise.all(responses.map((one) => create([keyed(one)])))
      const created = results.findIndex(({ outcome }) => outcome === 'created')
      const others = results.filter((_, index) => index !== created)
      const taken = { outcome: 'consumed', kind: 'idempotency_key' }
      expect(others).toEqual(Array.from({ length: 19 }, () => taken))
      expect(await stores.clients.findResponse('one')).toMatchObject(responses[created] ?? {})
      expect(await stores.clients.findResponse('two')).toBeUndefined()
      expect(await create([keyed(response('two'))])).toEqual({ outcome: 'created' })
    })

    test('an idempotency key names it before what an equal request consumed too', async () => {
      const all = [keyed(response('one')), oneUse(await issued(1)), usedJwt('access_token')]
      expect(await create(all)).toEqual({ outcome: 'created' })
      expect(await create(all)).toEqual({ outcome: 'consumed', kind: 'idempotency_key' })
    })

    test('an idempotency key replaces an expired response', async () => {
      const expired = response('one', { expires_at: now })
      const next = response('one')
      for (const one of [expired, next])
        expect(await create([keyed(one)])).toEqual({ outcome: 'created' })
      expect(await stores.clients.findResponse('one')).toMatchObject(next)
    })

    test('several things consumes all of them or none', async () => {
      const token = await issued(5)
      const jwt = usedJwt('access_token')
      const all = [oneUse(token), jwt, owned(5)]
      expect(await create(all)).toEqual({ outcome: 'created' })
      expect(await create(all)).toEqual({ outcome: 'consumed', kind: 'access_token' })
      expect(await usesLeft(token)).toBe(4)
    })

    test('is recognized when it is repeated, and consumes once', async () => {
      const token = await issued(1)
      const client = newClient()
      for (const _ of [1, 2])
        expect(await create([oneUse(token)], client)).toEqual({ outcome: 'created' })
      expect(await usesLeft(token)).toBe(0)
    })

    test('consumes once where the answer is lost', async () => {
      const token = await issued(5)
      stores.loseNextAnswer()
      expect(await create([oneUse(token)])).toEqual({ outcome: 'created' })
      expect(await usesLeft(token)).toBe(4)
    })

    test('consumes nothing where the client exists', async () => {
      const token = await issued(1)
      const client = newClient()
      await create([], client)
      const taken = newClient({ client_id: client.client_id })
      expect(await create([oneUse(token)], taken)).toEqual({ outcome: 'exists' })
      expect(await usesLeft(token)).toBe(1)
    })
  })
}
