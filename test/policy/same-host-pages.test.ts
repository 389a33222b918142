import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'

const governed = () => testServer({ settings: { policies: ['same-host-pages'] } })
const body = { redirect_uris: ['https://client.example/callback', 'http://localhost:3000/cb'] }

const register = async (sent: object) =>
  registerClient({ bearer: masterToken, body: { ...body, ...sent }, now }, await governed())

describe('the policy same-host-pages', () => {
  test('accepts pages and a logo where the client redirects to', async () => {
    const pages = {
      client_uri: 'https://client.example/',
      logo_uri: 'https://CLIENT.example:8443/logo.png'.toLowerCase(),
      tos_uri: 'https://client.example/terms',
      'policy_uri#de': 'https://client.example/datenschutz',
    }
    expect(await register(pages)).toMatchObject(pages)
  })

  test.each([
    { client_uri: 'https://bank.example/' },
    { logo_uri: 'https://bank.example/logo.png' },
    { tos_uri: 'https://client.example.bank.example/' },
    { policy_uri: 'https://www.client.example/' },
    { client_uri: 'http://client.example/' },
    { organization_uri: 'https://bank.example/' },
    { 'information_uri#de': 'https://bank.example/' },
    { 'logo_uri#de': 'https://bank.example/logo.png' },
    { client_uri: 'https://client.example/', 'client_uri#fr': 'https://bank.example/' },
  ])('rejects %j', async (sent) => {
    await expect(register(sent)).rejects.toMatchObject({
      code: 'invalid_client_metadata',
      description: expect.stringMatching(
        /^(client|logo|tos|policy|organization|information)_uri: expected the scheme and host of a redirect URI$/,
      ),
    })
  })

  test.each<[string, string[]]>([
    ['on loopback', ['http://127.0.0.1:33418/', 'http://localhost/callback']],
    ['by a private-use scheme', ['com.example.app:/callback']],
    ['by a private-use scheme with a host', ['app://bank.example/callback']],
  ])('leaves out what a client that redirects %s cannot prove', async (_, redirect_uris) => {
    const sent = {
      application_type: 'native',
      redirect_uris,
      client_name: 'An app',
      client_uri: 'https://bank.example/',
      'logo_uri#de': 'https://bank.example/logo.png',
    }
    const answer = await register(sent)
    expect(answer).toMatchObject({ client_name: 'An app', redirect_uris })
    for (const member of ['client_uri', 'logo_uri#de']) expect(answer).not.toHaveProperty(member)
  })

  test('leaves what is no URL to the rules of the members', async () => {
    for (const client_uri of [7, 'https://', 'bank.example'])
      expect(await outcomeOf(register({ client_uri }))).toBe('invalid_client_metadata')
    expect(await register({ client_uri: null })).not.toHaveProperty('client_uri')
  })

  test('holds at an update too', async () => {
    const server = await governed()
    const registered = await registerClient({ bearer: masterToken, body, now }, server)
    const { client_id, registration_access_token: bearer } = registered
    const changed = { ...body, client_id, logo_uri: 'https://bank.example/logo.png' }
    expect(await outcomeOf(updateClient({ bearer, client_id, body: changed, now }, server))).toBe(
      'invalid_client_metadata',
    )
  })
})
