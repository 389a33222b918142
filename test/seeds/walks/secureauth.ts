import assert from 'node:assert/strict'
import type { SettingsInput } from '../../../lib/settings/settings.ts'
import { startIssuer } from '../../support/issuer.ts'
import { managing, step, walk } from '../smoke-test.ts'

const audience = 'https://authorization.example'
const sample = {
  client_name: 'Sample web client',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_url: ['https://example.com/callback'],
}

/** An authorization server, where the registrar is a client with the client credentials grant. */
const server = await startIssuer({ audience, clients: { registrar: 'its-secret' } })
const { issuer, jwksUri, tokenEndpoint } = server
const settings: SettingsInput = {
  profile: 'secureauth',
  accessTokenIssuers: [{ issuer, jwksUri, audience: [audience], singleUse: true }],
}

/** SecureAuth, from the client credentials to the rotation of registration access tokens. */
const story = walk(settings, async ({ url }) => {
  const discovered = await step(
    'The client discovers the registration endpoint.',
    { url: `${url}/.well-known/openid-configuration` },
    200,
  )
  const registering = { method: 'POST', url: String(discovered.registration_endpoint) }

  const { access_token } = await step(
    'The registrar gets an access token by its client credentials.',
    {
      method: 'POST',
      url: tokenEndpoint,
      headers: { authorization: `Basic ${btoa('registrar:its-secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'dcr_register' }),
    },
    200,
  )
  const registration = { ...registering, bearer: access_token, body: sample }

  await step('Without a token nobody registers.', { ...registering, body: sample }, 401)
  await step(
    'A registration that fails leaves the token usable.',
    { ...registration, body: { redirect_url: ['http://example.com/callback'] } },
    400,
  )
  const registered = await step('The client registers.', registration, 201)
  assert.deepEqual(registered.scopes, ['email', 'openid', 'profile'])
  assert.equal(registered.registration_access_token_expires_in, 2_592_000)
  await step('The token is terminated: a second registration is rejected.', registration, 401)

  const read = await step(
    'A read shows the secret and a new registration access token.',
    managing(registered),
    200,
  )
  assert.equal(read.client_secret, registered.client_secret)
  await step('The token before is terminated.', managing(registered), 401)

  const { client_id } = registered
  const change = { method: 'PUT', ...managing(read) }
  const body = { client_id, ...sample, client_name: 'Modified' }
  const updated = await step('An update rotates it too.', { ...change, body }, 200)
  await step('The token before is terminated.', managing(read), 401)

  await step('The client deletes itself.', { method: 'DELETE', ...managing(updated) }, 204)
  await step('Nothing is left of it.', managing(updated), 401)
})

try {
  await story
} finally {
  await server.close()
}
