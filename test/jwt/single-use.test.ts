import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { now, ordinary, outcomeOf, tally } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { fresh, type Signer, signer, withOtherSignature } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const issuer = signer()
const elsewhere = signer('https://elsewhere.example')

type Use = { readonly singleUse: boolean; readonly requireJti?: boolean }

const trust = ({ issuer: name, jwks }: Signer, use: Use) => ({
  issuer: name,
  audience: ['https://as.example/register'],
  jwks,
  ...use,
})

const trusting = (use: Use = { singleUse: true }) => {
  const accessTokenIssuers = [trust(issuer, use), trust(elsewhere, use)]
  return testServer({ settings: { accessTokenIssuers } })
}

const withoutJti = { singleUse: true, requireJti: false }

const register = (server: Server, bearer: string, at = now, body: object = ordinary) =>
  outcomeOf(registerClient({ bearer, body: { ...body }, now: at }, server))

describe('an access token for single use', () => {
  test('is consumed by a registration, and not by a rejected one', async () => {
    const server = await trusting()
    const bearer = issuer.accessToken()
    const rejected = { ...ordinary, redirect_uris: ['http://client.example/'] }
    expect(await register(server, bearer, now, rejected)).toBe('invalid_redirect_uri')
    expect(await register(server, bearer)).toBe('ok')
    expect(await register(server, bearer)).toBe('invalid_token')
  })

  test('admits exactly one of fifty at once', async () => {
    const server = await trusting()
    const bearer = issuer.accessToken()
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => register(server, bearer)))
    expect(tally(outcomes)).toEqual({ ok: 1, invalid_token: 49 })
    expect(await stored(server, 'CLIENT#')).toHaveLength(1)
  })

  test('is distinguished from one that is not, which registers any number of clients', async () => {
    const server = await trusting({ singleUse: false })
    const bearer = issuer.accessToken()
    expect([await register(server, bearer), await register(server, bearer)]).toEqual(['ok', 'ok'])
    expect(await stored(server, 'JTI#')).toEqual([])
  })

  test.each([{ jti: 'one' }, { jti: undefined }, { jti: 7 }])(
    'is the same token under another valid signature, with %j',
    async (claims) => {
      const bearer = issuer.accessToken(claims)
      const other = withOtherSignature(bearer)
      expect(other).not.toBe(bearer)
      // The other JWT is valid by itself: else its rejection would say nothing.
      expect(await register(await trusting(withoutJti), other)).toBe('ok')
      const server = await trusting(withoutJti)
      expect(await register(server, bearer)).toBe('ok')
      expect(await register(server, other)).toBe('invalid_token')
    },
  )

  test('is known by its jti, whatever else is signed under it', async () => {
    const server = await trusting()
    expect(await register(server, issuer.accessToken({ jti: 'one' }))).toBe('ok')
    const bob = issuer.accessToken({ jti: 'one', sub: 'bob' })
    expect(await register(server, bob)).toBe('invalid_token')
    expect(await register(server, issuer.accessToken({ jti: 'two' }))).toBe('ok')
  })

  test.each([undefined, '', 7, null])('needs a jti (RFC 9068 §2.2): not %j', async (jti) => {
    const bearer = issuer.accessToken({ jti })
    expect(await register(await trusting(), bearer)).toBe('invalid_token')
    expect(await register(await trusting({ singleUse: false }), bearer)).toBe('ok')
    const strict = await trusting({ singleUse: false, requireJti: true })
    expect(await register(strict, bearer)).toBe('invalid_token')
  })

  test('without jti another token is another one, where none is required', async () => {
    const server = await trusting(withoutJti)
    expect(await register(server, issuer.accessToken({ jti: undefined }))).toBe('ok')
    expect(await register(server, issuer.accessToken({ jti: undefined, sub: 'bob' }))).toBe('ok')
  })

  test('is another one under the same jti of another issuer', async () => {
    const server = await trusting()
    expect(await register(server, issuer.accessToken({ jti: 'one' }))).toBe('ok')
    expect(await register(server, elsewhere.accessToken({ jti: 'one' }))).toBe('ok')
  })

  test('is remembered as long as the skew of clocks lets it be accepted', async () => {
    const server = await trusting()
    const bearer = issuer.accessToken()
    expect(await register(server, bearer, fresh.exp + 29)).toBe('ok')
    expect(await register(server, bearer, fresh.exp + 29)).toBe('invalid_token')
    const [consumed] = await stored(server, 'JTI#')
    expect(consumed?.expires_at).toBeGreaterThanOrEqual(fresh.exp + 30)
  })

  test.each([1e300, now + 300.5])('is remembered in whole seconds where exp is %d', async (exp) => {
    const server = await trusting()
    const bearer = issuer.accessToken({ exp })
    expect(await register(server, bearer)).toBe('ok')
    expect(await register(server, bearer)).toBe('invalid_token')
    const [consumed] = await stored(server, 'JTI#')
    expect(Number.isSafeInteger(consumed?.expires_at)).toBe(true)
  })
})
