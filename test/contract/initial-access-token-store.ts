import { beforeEach, describe, expect, test } from 'vitest'
import { generateWriteId } from '../../lib/client.ts'
import type { InitialAccessTokenStore } from '../../lib/ports/initial-access-token-store.ts'
import type { InitialAccessToken } from '../../lib/tokens/initial-access-token.ts'
import { generateBytes } from '../../lib/tokens/token.ts'
import { atOnce, newInitialAccessToken, now } from './fixtures.ts'
import type { MakeStores, Stores } from './stores.ts'

/** What any InitialAccessTokenStore must do. */
export function initialAccessTokenStoreContract(makeStores: MakeStores): void {
  let stores: Stores
  let store: InitialAccessTokenStore
  beforeEach(async () => {
    stores = await makeStores()
    store = stores.initialAccessTokens
  })

  const issued = async (uses: number, more: Partial<InitialAccessToken> = {}) => {
    const token = newInitialAccessToken(uses, more)
    await store.issue(token)
    return token
  }

  const consume = (
    { id, token_digest }: InitialAccessToken,
    at = now,
    write_id = generateWriteId(),
  ) => store.consume(id, token_digest, at, write_id)

  describe('a store of initial access tokens', () => {
    test('finds a token as it was issued, and no other', async () => {
      const token = await issued(1, { sub: 'alice', policies: ['p'], audience: ['a'] })
      expect(await store.find(token.id)).toEqual(token)
      expect(await store.find(newInitialAccessToken(1).id)).toBeUndefined()
    })

    test('issues an id once, and recognizes that it is repeated', async () => {
      const token = await issued(1)
      await store.issue(token)
      await expect(store.issue({ ...token, token_digest: generateBytes(32) })).rejects.toThrow()
      expect(await store.find(token.id)).toEqual(token)
    })

    test('issues a token where the answer is lost', async () => {
      stores.loseNextAnswer()
      const token = await issued(1)
      expect(await store.find(token.id)).toEqual(token)
    })

    test('consumes one use, and returns the token', async () => {
      const token = await issued(2)
      expect(await consume(token)).toMatchObject({ ...token, uses_left: 1, last_used_at: now })
    })

    test('consumes exactly ten uses of ten, of fifty at once', async () => {
      const token = await issued(10)
      const consumed = await atOnce(50, () => consume(token))
      expect(consumed.filter((one) => one !== undefined)).toHaveLength(10)
      expect(await store.find(token.id)).toMatchObject({ uses_left: 0 })
    })

    test('consumes nothing of a token that expired, has another digest, or is unknown', async () => {
      const token = await issued(1)
      const other = newInitialAccessToken(1)
      expect(await consume(token, token.expires_at)).toBeUndefined()
      expect(await consume({ ...token, token_digest: other.token_digest })).toBeUndefined()
      expect(await consume(other)).toBeUndefined()
      expect(await store.find(token.id)).toEqual(token)
      expect(await consume(token, token.expires_at - 1)).toBeDefined()
    })

    test('consumes once for one request, however often that repeats it', async () => {
      const token = await issued(5)
      const write_id = generateWriteId()
      const repetitions: unknown[] = []
      for (const _ of [1, 2, 3]) {
        const consumed = await consume(token, now, write_id)
        expect(consumed).toMatchObject({ uses_left: 4 })
        repetitions.push(consumed?.isRepetition)
      }
      expect(repetitions).toEqual([undefined, true, true])
    })

    test.each([1, 5])('consumes once of %i where the answer is lost', async (uses) => {
      const token = await issued(uses)
      stores.loseNextAnswer()
      const consumed = await consume(token)
      expect(consumed).toMatchObject({ uses_left: uses - 1 })
      expect(consumed).not.toHaveProperty('isRepetition')
      expect(await store.find(token.id)).toMatchObject({ uses_left: uses - 1 })
    })

    test('lists tokens newest first, in full pages but the last', async () => {
      const ids: string[] = []
      for (let minute = 0; minute < 7; minute += 1)
        ids.unshift((await issued(1, { issued_at: now + minute * 60 })).id)
      const found: string[][] = []
      let from: string | undefined
      do {
        const { tokens, next } = await store.list(3, from)
        found.push(tokens.map(({ id }) => id))
        from = next
      } while (from !== undefined)
      expect(found).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)])
    })

    test('revokes a token once, after which it is unknown', async () => {
      const token = await issued(1)
      expect([await store.revoke(token.id), await store.revoke(token.id)]).toEqual([true, false])
      expect(await store.find(token.id)).toBeUndefined()
      expect(await consume(token)).toBeUndefined()
    })

    test('recognizes its own revocation where the answer is lost', async () => {
      const token = await issued(1)
      stores.loseNextAnswer()
      expect(await store.revoke(token.id)).toBe(true)
    })
  })
}
