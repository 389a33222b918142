import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { testServer } from '../support/server.ts'

/** Registers by a token with this scope; resolves to the answer's grants, response types and scope. */
async function registeredBy(scope: readonly string[], body: object, settings: SettingsInput = {}) {
  const server = await testServer({ settings })
  const bearer = await initialAccessToken(server, { scope })
  const answer = await registerClient({ bearer, body: { ...body }, now }, server)
  const { grant_types, response_types, scope: granted } = answer
  return { grant_types, response_types, scope: granted }
}

const { redirect_uris } = ordinary
const code = 'client-reg:grant:code'
const machine = 'client-reg:grant:client_credentials'
const hybrid: SettingsInput = {
  metadata: {
    grantTypes: ['authorization_code', 'implicit', 'client_credentials', 'refresh_token'],
    responseTypes: ['code', 'token', 'code id_token'],
  },
}

describe('a registration with a locked token', () => {
  test('is narrowed to the grants of the lock: refresh_token too has to be listed', async () => {
    const grant_types = ['authorization_code', 'refresh_token']
    const asked = { redirect_uris, grant_types }
    expect(await registeredBy([code], asked)).toMatchObject({ grant_types: ['authorization_code'] })
    const both = await registeredBy([code, 'client-reg:grant:refresh_token'], asked)
    expect(both).toMatchObject({ grant_types })
  })

  test('takes a default grant inside the lock where it asks for none', async () => {
    expect(await registeredBy([machine], {})).toMatchObject({
      grant_types: ['client_credentials'],
      response_types: [],
    })
  })

  test('has no response type whose grants are outside', async () => {
    const asked = {
      redirect_uris,
      grant_types: ['authorization_code', 'implicit'],
      response_types: ['code', 'token', 'code id_token'],
    }
    expect(await registeredBy([code], asked, hybrid)).toMatchObject({
      grant_types: ['authorization_code'],
      response_types: ['code'],
    })
  })

  test('does not get a grant for a response type alone', async () => {
    const server = await testServer({ settings: hybrid })
    const bearer = await initialAccessToken(server, { scope: [code] })
    const body = { redirect_uris, response_types: ['token'] }
    const request = registerClient({ bearer, body, now }, server)
    expect(await outcomeOf(request)).toBe('invalid_client_metadata')
  })

  test.each<[string | undefined, string]>([
    [undefined, 'openid email'],
    ['  ', 'openid email'],
    ['openid admin', 'openid'],
    ['email', 'email'],
  ])('with scopes locked asks for %s and gets %s', async (scope, given) => {
    const locked = ['client-reg:scope:openid', 'client-reg:scope:email']
    expect(await registeredBy(locked, { ...ordinary, scope })).toMatchObject({ scope: given })
  })

  test('with only scopes locked may have any grant', async () => {
    const { grant_types } = ordinary
    expect(await registeredBy(['client-reg:scope:openid'], ordinary)).toMatchObject({ grant_types })
  })

  test.each([
    [[code], { grant_types: ['client_credentials'] }],
    [['client-reg:scope:openid'], { ...ordinary, scope: 'admin' }],
    [['client-reg:grant:unknown'], {}],
  ])('locked to %j is rejected with %j, of which nothing is left', async (scope, body) => {
    expect(await outcomeOf(registeredBy(scope, body))).toBe('invalid_client_metadata')
  })

  test.each([
    [[code], { redirect_uris, grant_types: ['authorization_code', 'refresh_token'] }],
    [['client-reg:scope:openid'], { ...ordinary, scope: 'openid admin' }],
  ])('locked to %j is rejected with %j where unsupported values are', async (scope, body) => {
    const settings = { metadata: { unsupported: 'refuse' } } as const
    expect(await outcomeOf(registeredBy(scope, body, settings))).toBe('invalid_client_metadata')
  })

  test('cannot leave its lock by a policy', async () => {
    const members = {
      grant_types: ['authorization_code', 'client_credentials'],
      scope: 'openid admin',
    }
    const settings: SettingsInput = {
      policies: ['forced-members'],
      policySettings: { 'forced-members': { members } },
    }
    expect(await registeredBy([code, 'client-reg:scope:openid'], ordinary, settings)).toMatchObject(
      {
        grant_types: ['authorization_code'],
        scope: 'openid',
      },
    )
  })
})
