import { expect, test } from 'vitest'
import { previewRegistration } from '../../lib/preview-registration.ts'
import { registerClient } from '../../lib/register-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

test.each(['on_success', 'on_attempt'])(
  'a dry run shows what a token that is consumed %s would register, and consumes nothing',
  async (consumed) => {
    const server = await testServer({ settings: { aliases: true } })
    const bearer = await initialAccessToken(server, { consumed })
    const before = await stored(server, '')
    const preview = await previewRegistration({ bearer, body: ordinary, now }, server)
    expect(preview).toMatchObject({ ...ordinary, scopes: ['openid', 'profile'] })
    for (const name of ['client_id', 'client_secret', 'registration_access_token'])
      expect(preview).not.toHaveProperty(name)
    expect(await stored(server, '')).toEqual(before)
    const registered = await registerClient({ bearer, body: ordinary, now }, server)
    expect(registered).toMatchObject(preview)
  },
)

test('a dry run without the token that a registration needs is rejected alike', async () => {
  const server = await testServer()
  const request = { bearer: undefined, body: ordinary, now }
  expect(await outcomeOf(previewRegistration(request, server))).toBe('missing_token')
  expect(await outcomeOf(registerClient(request, server))).toBe('missing_token')
})
