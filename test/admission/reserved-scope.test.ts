import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'

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

  test('the operator can, and the client keeps what it has', async () => {
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

  test('where the settings list one, clients may', async () => {
    const settings = { metadata: { scopes: ['openid', 'client-reg'] } }
    const server = await testServer({ settings })
    const bearer = await initialAccessToken(server)
    const body = { ...ordinary, scope: 'client-reg' }
    expect((await registerClient({ bearer, body, now }, server)).scope).toBe('client-reg')
  })
})
