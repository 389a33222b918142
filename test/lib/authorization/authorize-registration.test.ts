import { describe, expect, test } from 'vitest'
import {
  authorizeRegistration,
  grantLogFields,
} from '../../../lib/authorization/authorize-registration.ts'
import { trust } from '../../../lib/jwt/trust.ts'
import { InvalidJwtError } from '../../../lib/jwt/trusted-issuers.ts'
import type { ConsumedToken } from '../../../lib/ports/initial-access-token-store.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import {
  type Consumption,
  generateInitialAccessToken,
  type InitialAccessToken,
} from '../../../lib/tokens/initial-access-token.ts'
import { hasDigest, sha256 } from '../../../lib/tokens/token.ts'
import { now } from '../../support/clients.ts'
import { signer, withOtherSignature } from '../../support/signer.ts'

const registrationEndpoint = 'https://as.example/register'
const [master, fixed] = ['the-master-token', 'the-static-token']
const issuer = signer()
const trusted = { issuer: issuer.issuer, jwks: issuer.jwks, audience: [registrationEndpoint] }
const write_id = Uint8Array.of(1, 2, 3)

type Given = {
  readonly settings?: SettingsInput
  /** What the store has. */
  readonly stored?: InitialAccessToken
  readonly trusted?: boolean
  /** A dry run: no use can be consumed. */
  readonly isPreview?: boolean
}

/** Authorizes a registration with this bearer; the store records what it is asked to consume. */
async function authorize(bearer: string | undefined, given: Given = {}) {
  const consumed: unknown[] = []
  const settings = parseSettings({ accessTokenIssuers: [trusted], ...given.settings })
  const { stored } = given
  const find = async (id: string) => (stored?.id === id ? stored : undefined)
  const server = {
    settings,
    issuer: 'https://as.example',
    registrationEndpoint,
    trust: trust(settings, () => Promise.reject(new Error('no network'))),
    isMasterToken: async (text: string) => hasDigest(text, sha256(master)),
    isStaticInitialAccessToken: async (text: string) => hasDigest(text, sha256(fixed)),
    initialAccessTokens: {
      find,
      consume: async (id: string, ...condition: unknown[]) => {
        consumed.push(...condition)
        return find(id)
      },
      issue: async () => {},
      list: async () => ({ tokens: [], next: undefined }),
      revoke: async () => false,
    },
  }
  const request = {
    bearer,
    trusted: given.trusted ?? false,
    now,
    write_id: given.isPreview ? undefined : write_id,
  }
  return { grant: await authorizeRegistration(request, server), consumed }
}

function issued(consumption: Consumption, fields: Partial<InitialAccessToken> = {}) {
  const { id, token, token_digest } = generateInitialAccessToken(consumption)
  const stored: InitialAccessToken = {
    id,
    token_digest,
    issued_at: now,
    expires_at: now + 1,
    uses_left: 1,
    scope: 'client-reg',
    sub: 'alice',
    policies: ['one'],
    ...fields,
  }
  return { token, stored }
}

const invalid = {
  code: 'invalid_token',
  description: 'the token is unknown, consumed, expired or revoked',
}

describe('a registration without a token', () => {
  test('is anonymous where registration is open', async () => {
    const { grant } = await authorize(undefined, { settings: { registration: 'dynamic' } })
    expect(grant).toEqual({ source: { registration_method: 'anonymous' }, lock: {} })
  })

  test.each<[string, Given, object]>([
    ['scoped', {}, { code: 'missing_token', status: 401 }],
    ['any token', { settings: { registration: 'token' } }, { code: 'missing_token' }],
    [
      'open, to a trusted client',
      { settings: { registration: 'dynamic' }, trusted: true },
      { code: 'missing_token', description: 'an initial access token is required' },
    ],
    ['scoped, and asks by 403', { settings: { missingTokenStatus: 403 } }, { status: 403 }],
    [
      'disabled',
      { settings: { registration: 'disabled' } },
      { code: 'not_found', description: 'client registration is disabled' },
    ],
  ])('is rejected where registration is %s', async (_, given, rejection) => {
    await expect(authorize(undefined, given)).rejects.toMatchObject(rejection)
  })
})

describe('a token of the operator', () => {
  test('the master token registers any client, without a lock', async () => {
    for (const asTrusted of [false, true])
      expect((await authorize(master, { trusted: asTrusted })).grant).toEqual({
        source: { registration_method: 'operator' },
        lock: {},
      })
  })

  test('the static initial access token has the registration scope', async () => {
    expect((await authorize(fixed)).grant).toEqual({
      source: { registration_method: 'static_initial_access_token' },
      scope: 'client-reg',
      lock: {},
    })
  })
})

describe('a token that is not known', () => {
  test('is rejected, or ignored where the settings say so', async () => {
    await expect(authorize('unknown')).rejects.toMatchObject(invalid)
    const settings = { registration: 'dynamic', ignoreUnknownTokens: true } as const
    expect((await authorize('unknown', { settings })).grant.source.registration_method).toBe(
      'anonymous',
    )
    await expect(authorize('unknown', { settings: { registration: 'dynamic' } })).rejects.toThrow()
    await expect(
      authorize('unknown', { settings: { ignoreUnknownTokens: true } }),
    ).rejects.toMatchObject({ code: 'missing_token' })
  })

  test.each(['iat_', 'rat_', `iat_${'x'.repeat(30)}`, `rat_${'a'.repeat(64)}`])(
    'is never ignored if it looks like one of ours: %s',
    async (bearer) => {
      const settings = { registration: 'dynamic', ignoreUnknownTokens: true } as const
      await expect(authorize(bearer, { settings })).rejects.toMatchObject(invalid)
      const { grant } = await authorize(`x${bearer}`, { settings })
      expect(grant.source.registration_method).toBe('anonymous')
    },
  )

  test.each([
    ['another issuer', signer('https://another.example').accessToken()],
    ['no claims', 'a.b.c'],
  ])('is ignored as unknown if it is a JWT of %s', async (_, bearer) => {
    await expect(authorize(bearer)).rejects.toMatchObject(invalid)
    const settings = { registration: 'dynamic', ignoreUnknownTokens: true } as const
    expect((await authorize(bearer, { settings })).grant.lock).toEqual({})
  })
})

describe('an initial access token', () => {
  test('that is consumed on success is consumed by the registration', async () => {
    const { token, stored } = issued('on_success')
    const { grant, consumed } = await authorize(token, { stored })
    const { id, token_digest } = stored
    expect(grant).toEqual({
      source: {
        registration_method: 'initial_access_token',
        owner: 'alice',
        initial_access_token: id,
      },
      scope: 'client-reg',
      policies: ['one'],
      consumable: { kind: 'initial_access_token', id, token_digest },
      lock: {},
    })
    expect(consumed).toEqual([])
  })

  test('that is never consumed is not consumed by the registration', async () => {
    const { token, stored } = issued('never')
    const { uses_left: _, ...unlimited } = stored
    const { grant, consumed } = await authorize(token, { stored: unlimited })
    expect(grant).not.toHaveProperty('consumable')
    expect(grant).not.toHaveProperty('consumed')
    expect(consumed).toEqual([])
  })

  test('that is consumed on the attempt is consumed before anything else is checked', async () => {
    const { token, stored } = issued('on_attempt')
    const { grant, consumed } = await authorize(token, { stored })
    expect(grant).toMatchObject({ consumed: true, scope: 'client-reg' })
    expect(grant).not.toHaveProperty('consumable')
    expect(consumed).toEqual([sha256(token), now, write_id])
  })

  test.each([{}, { audience: [] }])(
    'that an equal request consumed on the attempt does not count as consumed again: %j',
    async (fields) => {
      const { token, stored } = issued('on_attempt', fields)
      const repeated: ConsumedToken = { ...stored, isRepetition: true }
      const outcome = await authorize(token, { stored: repeated }).catch((error) => error.details)
      const { grant, logFields } = outcome as { grant?: object; logFields?: object }
      expect(grant ?? logFields).toBeDefined()
      expect(grant ?? logFields).not.toHaveProperty('consumed')
    },
  )

  test('that is consumed on the attempt is only read by a dry run', async () => {
    const { token, stored } = issued('on_attempt')
    const { grant, consumed } = await authorize(token, { stored, isPreview: true })
    expect(grant).toMatchObject({ scope: 'client-reg' })
    expect(grant).not.toHaveProperty('consumed')
    expect(grant).not.toHaveProperty('consumable')
    expect(consumed).toEqual([])
  })

  test.each<[string, Partial<InitialAccessToken>]>([
    ['expired', { expires_at: now }],
    ['has no use left', { uses_left: 0 }],
    ['has another secret', { token_digest: sha256('another') }],
    ['is for another audience', { audience: ['https://another.example'] }],
  ])('that %s is rejected, and its id is logged', async (_, fields) => {
    const { token, stored } = issued('on_success', fields)
    const rejection = { ...invalid, details: { logFields: { initial_access_token: stored.id } } }
    await expect(authorize(token, { stored })).rejects.toMatchObject(rejection)
  })

  test('for another audience is consumed on the attempt, which is logged', async () => {
    const { token, stored } = issued('on_attempt', { audience: [] })
    const logFields = { initial_access_token: stored.id, consumed: true }
    await expect(authorize(token, { stored })).rejects.toMatchObject({
      ...invalid,
      details: { logFields },
    })
  })

  test.each<Consumption>(['on_success', 'on_attempt', 'never'])(
    'that is consumed %s and not stored is rejected, and nothing is logged of it',
    async (consumption) => {
      const rejected = authorize(issued(consumption).token)
      await expect(rejected).rejects.toMatchObject(invalid)
      await expect(rejected).rejects.not.toHaveProperty('details.logFields')
    },
  )

  test.each(['https://as.example', registrationEndpoint])('may be for %s', async (audience) => {
    for (const consumption of ['on_success', 'on_attempt'] as const) {
      const { token, stored } = issued(consumption, { audience: ['x', audience] })
      expect((await authorize(token, { stored })).grant.lock).toEqual({})
    }
  })
})

describe('an access token of a configured issuer', () => {
  test('names the owner, its issuer and its scope', async () => {
    const { grant } = await authorize(issuer.accessToken())
    expect(grant).toEqual({
      source: { registration_method: 'access_token', owner: 'alice', iss: issuer.issuer },
      scope: 'client-reg',
      lock: {},
    })
  })

  test('is of any issuer among several', async () => {
    const other = { ...trusted, issuer: 'https://other.example' }
    const settings = { accessTokenIssuers: [other, trusted] }
    expect((await authorize(issuer.accessToken(), { settings })).grant.source.owner).toBe('alice')
  })

  test('is consumed by the registration where its issuer says so', async () => {
    const settings = { accessTokenIssuers: [{ ...trusted, singleUse: true }] }
    const { grant } = await authorize(issuer.accessToken(), { settings })
    expect(grant.consumable).toEqual({
      kind: 'access_token',
      digest: expect.any(Uint8Array),
      remembered_until: expect.any(Number),
    })
  })

  test('is rejected where its signature is wrong, though unknown tokens are ignored', async () => {
    const [header, claims] = issuer.accessToken().split('.')
    const settings = { registration: 'dynamic', ignoreUnknownTokens: true } as const
    await expect(authorize(`${header}.${claims}.AAAA`, { settings })).rejects.toMatchObject(invalid)
    await expect(authorize(`${header}.${claims}.AAAA`)).rejects.toHaveProperty(
      'details.cause',
      expect.any(InvalidJwtError),
    )
    const other = withOtherSignature(issuer.accessToken())
    expect((await authorize(other)).grant.source.owner).toBe('alice')
  })

  test('is neither accepted nor rejected while the keys of its issuer cannot be read', async () => {
    const { jwks: _, ...remote } = { ...trusted, jwksUri: 'https://issuer.example/jwks' }
    const settings = { accessTokenIssuers: [remote] }
    await expect(authorize(issuer.accessToken(), { settings })).rejects.toMatchObject({
      code: 'temporarily_unavailable',
    })
  })
})

describe('the scope of a token', () => {
  const tokenOf = (scope: string) => issuer.accessToken({ scope })
  const lacking = (scope: string) => ({
    code: 'insufficient_scope',
    description: 'the token lacks the scope that this registration needs',
    details: {
      scope,
      logFields: {
        registration_method: 'access_token',
        owner: 'alice',
        owner_iss: issuer.issuer,
      },
    },
  })

  test('must allow registration where registration is scoped', async () => {
    await expect(authorize(tokenOf('openid'))).rejects.toMatchObject(lacking('client-reg'))
    const settings = { registration: 'token' } as const
    expect((await authorize(tokenOf('openid'), { settings })).grant.lock).toEqual({})
  })

  test('locks the client to grant types and scopes, in every mode', async () => {
    const bearer = tokenOf('client-reg:grant:code client-reg:scope:openid')
    const lock = { grants: ['authorization_code'], scopes: ['openid'] }
    for (const registration of ['scoped', 'token', 'dynamic'] as const)
      expect((await authorize(bearer, { settings: { registration } })).grant.lock).toEqual(lock)
  })

  test('must have the trusted scope for a trusted client, in every mode', async () => {
    const scope = parseSettings({}).trustedRegistrationScope
    for (const registration of ['scoped', 'token', 'dynamic'] as const) {
      const given = { settings: { registration }, trusted: true }
      const granted = await authorize(tokenOf(`client-reg ${scope}`), given)
      expect(granted.grant.lock).toEqual({})
      for (const other of ['client-reg', `client-reg x${scope}`, `client-reg ${scope}x`])
        await expect(authorize(tokenOf(other), given)).rejects.toMatchObject(lacking(scope))
    }
  })

  test('is logged without what the registration does not have', () => {
    expect(grantLogFields({ source: { registration_method: 'anonymous' } })).toEqual({
      registration_method: 'anonymous',
    })
    const source = { registration_method: 'initial_access_token', owner: 'alice' } as const
    expect(grantLogFields({ source, consumed: true })).toEqual({
      registration_method: 'initial_access_token',
      owner: 'alice',
      consumed: true,
    })
  })
})
