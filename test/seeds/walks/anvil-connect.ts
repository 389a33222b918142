import assert from 'node:assert/strict'
import type { SettingsInput } from '../../../lib/settings/settings.ts'
import { startIssuer } from '../../support/issuer.ts'
import { managing, step, walk } from '../smoke-test.ts'

const audience = 'anvil'
const client = { redirect_uris: ['https://client.example/callback'] }

/** The authorization server whose users register clients. */
const server = await startIssuer({ audience })
const { issuer, jwksUri } = server
const settings: SettingsInput = {
  profile: 'anvil-connect',
  registration: 'dynamic',
  accessTokenIssuers: [{ issuer, jwksUri, audience: [audience] }],
}

/** Anvil Connect in the mode dynamic: anyone registers, users own what they register, few may have it trusted. */
const story = walk(settings, async ({ url, registrationEndpoint, masterToken }) => {
  const registering = { method: 'POST', url: registrationEndpoint, body: client }
  await step('Any party registers a client.', registering, 201)

  const user = { ...registering, bearer: await server.accessToken({ sub: 'ordinary-user' }) }
  const owned = await step('So does a user, by an access token.', user, 201)
  const administered = await step(
    'The operator sees whose client it is.',
    { url: `${url}/clients/${owned.client_id}`, bearer: masterToken },
    200,
  )
  assert.equal(administered.owner, 'ordinary-user')

  const body = { ...client, trusted: true }
  await step('A trusted client needs a token …', { ...registering, body }, 403)
  await step('… that has the scope realm.', { ...user, body }, 403)
  const bearer = await server.accessToken({ sub: 'realm-user', scope: 'realm' })
  const trusted = await step('With it the client is trusted.', { ...user, bearer, body }, 201)
  assert.equal(trusted.trusted, true)

  await step(
    'No client becomes trusted by an update.',
    { method: 'PUT', ...managing(owned), body: { client_id: owned.client_id, ...body } },
    403,
  )
  await step("A user's token is not consumed.", user, 201)
})

try {
  await story
} finally {
  await server.close()
}
