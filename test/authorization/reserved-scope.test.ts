import { describe, expect, test } from 'vitest'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const issuer = signer()
const accessTokens = {
  accessTokenIssuers: [
    { issuer: issuer.issuer, jwks: issuer.jwks, audience: ['https://as.example/register'] },
  ],
}
const { scope: _, ...unscoped } = ordinary

const reserved = ['client-admin', 'client-reg', 'client-reg:grant:code', 'realm']

describe('scopes that give rights at this service', () => {
  test.each(reserved)('a client cannot register %s for itself', async (scope) => {
    const server = await testServer()
    const register = async (wanted: string) =>
      registerClient(
        { bearer: await initialAccessToken(server), body: { ...ordinary, scope: wanted }, now },
        server,
      )
    expect((await register(`openid ${scope}`)).scope).toBe('openid')
    for (const alone of [scope, ` ${scope}`, `${scope}  `])
      expect(await outcomeOf(register(alone))).toBe('invalid_client_metadata')
  })

  test('the operator can register a reserved scope, and an update keeps it', async () => {
    const server = await testServer()
    const scope = 'openid client-admin'
    const registered = await registerClient(
      { bearer: masterToken, body: { ...ordinary, scope }, now },
      server,
    )
    expect(registered.scope).toBe(scope)
    const { client_id, registration_access_token: bearer } = registered
    const body = { ...ordinary, client_id, scope: `${scope} realm` }
    const updated = await updateClient({ bearer, client_id, body, now }, server)
    expect(updated.scope).toBe(scope)
  })

  test('a client can register a reserved scope that the settings list', async () => {
    const settings = { metadata: { scopes: ['openid', 'client-reg'] } }
    const server = await testServer({ settings })
    const bearer = await initialAccessToken(server)
    const body = { ...ordinary, scope: 'client-reg' }
    expect((await registerClient({ bearer, body, now }, server)).scope).toBe('client-reg')
  })

  test.each(reserved)(
    'no initial access token is issued that locks a client to %s',
    async (scope) => {
      const server = await testServer()
      const body = { scope: ['client-reg:scope:openid', `client-reg:scope:${scope}`] }
      const request = issueInitialAccessToken({ bearer: masterToken, body, now }, server)
      await expect(request).rejects.toMatchObject({
        code: 'invalid_request',
        description: 'scope: locks clients to a scope of the operator',
      })
      expect(await stored(server, 'IAT#')).toEqual([])
    },
  )

  test.each(reserved)('a token that locks to %s gives it to nobody', async (scope) => {
    const server = await testServer({ settings: accessTokens })
    const register = async (locks: string, sent: object) => {
      const bearer = issuer.accessToken({ scope: locks })
      return registerClient({ bearer, body: { ...unscoped, ...sent }, now }, server)
    }
    const locks = `client-reg:scope:${scope}`
    expect(await outcomeOf(register(locks, {}))).toBe('invalid_client_metadata')
    expect(await outcomeOf(register(locks, { scope }))).toBe('invalid_client_metadata')
    expect((await register(`${locks} client-reg:scope:openid`, {})).scope).toBe('openid')
  })

  test('a scope of the operator that the settings list can be locked to', async () => {
    const server = await testServer({ settings: { metadata: { scopes: ['openid', 'realm'] } } })
    const bearer = await initialAccessToken(server, { scope: ['client-reg:scope:realm'] })
    expect((await registerClient({ bearer, body: unscoped, now }, server)).scope).toBe('realm')
  })
})
