import assert from 'node:assert/strict'
import type { SettingsInput } from '../../../lib/settings/settings.ts'
import { managing, step, walk } from '../smoke-test.ts'

const client = { redirect_uris: ['https://client.example/callback'] }
const settings: SettingsInput = {
  profile: 'oidc-provider',
  policySettings: {
    'default-members': { members: { client_name: 'A client without a name' } },
    'allowed-redirect-hosts': { hosts: ['client.example'] },
  },
}

/** oidc-provider: an initial access token with policies, which govern the client for life. */
await walk(settings, async ({ url, registrationEndpoint, masterToken }) => {
  const registering = { method: 'POST', url: registrationEndpoint, body: client }
  await step('Without an initial access token nobody registers.', registering, 401)

  const issuing = { method: 'POST', url: `${url}/initial-access-tokens`, bearer: masterToken }
  await step(
    'A token with a policy that does not exist is not issued.',
    { ...issuing, body: { policies: ['no-such-policy'] } },
    400,
  )
  const { access_token: bearer } = await step(
    'The operator issues one with two policies.',
    { ...issuing, body: { policies: ['default-members', 'allowed-redirect-hosts'] } },
    200,
  )

  const elsewhere = { redirect_uris: ['https://elsewhere.example/callback'] }
  await step('A policy rejects.', { ...registering, bearer, body: elsewhere }, 400)
  const registered = await step('Another sets a default.', { ...registering, bearer }, 201)
  assert.equal(registered.client_name, 'A client without a name')
  await step('The token is not consumed.', { ...registering, bearer }, 201)

  const read = await step('A read rotates nothing.', managing(registered), 200)
  assert.equal(read.registration_access_token, registered.registration_access_token)

  const { client_id } = registered
  const update = { method: 'PUT', ...managing(registered) }
  await step(
    'The policies govern updates too.',
    { ...update, body: { client_id, ...elsewhere } },
    400,
  )
  const body = { client_id, ...client, client_name: 'Named' }
  const updated = await step('An update rotates the token.', { ...update, body }, 200)
  assert.equal(updated.client_name, 'Named')
  await step('The token before is dead.', managing(registered), 401)
})
