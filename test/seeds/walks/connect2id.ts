import assert from 'node:assert/strict'
import { managing, step, walk } from '../smoke-test.ts'

const developer = { redirect_uris: ['https://example.com/cb'], client_name: 'Hello world client' }

/** Connect2id, from the proforma client to an update that gains nothing. */
await walk({ profile: 'connect2id' }, async ({ url, registrationEndpoint, masterToken }) => {
  const registering = { method: 'POST', url: registrationEndpoint }
  const proforma = await step(
    'The operator registers a proforma client with the master token.',
    {
      ...registering,
      bearer: masterToken,
      body: {
        grant_types: [],
        token_endpoint_auth_method: 'none',
        client_name: 'Initial reg token client',
      },
    },
    200,
  )
  assert.deepEqual(proforma.response_types, [])
  assert.equal(proforma.client_secret, undefined)

  const issued = await step(
    'The operator issues an initial access token that allows the code grant only.',
    {
      method: 'POST',
      url: `${url}/initial-access-tokens`,
      bearer: masterToken,
      body: {
        sub: 'hackathon-attendee-01',
        client_id: proforma.client_id,
        scope: ['client-reg:grant:code'],
        audience: [registrationEndpoint],
        access_token: { lifetime: 86_400, encoding: 'IDENTIFIER' },
      },
    },
    200,
  )
  assert.equal(issued.expires_in, 86_400)

  const byDeveloper = { ...registering, bearer: issued.access_token, body: developer }
  const registered = await step('The developer registers a client with it.', byDeveloper, 200)
  assert.deepEqual(registered.grant_types, ['authorization_code'])
  await step('The token is consumed: a second registration is rejected.', byDeveloper, 401)

  const { client_id } = registered
  const update = (says: string, from: typeof registered, metadata: object, status: number) => {
    const body = { client_id, ...developer, ...metadata }
    return step(says, { method: 'PUT', ...managing(from), body }, status)
  }
  await update(
    'An update cannot change to another grant.',
    registered,
    { grant_types: ['client_credentials'] },
    400,
  )
  const narrowed = await update(
    'An update that asks for more grants is narrowed to what the token allowed.',
    registered,
    { grant_types: ['authorization_code', 'client_credentials', 'password'] },
    200,
  )
  assert.deepEqual(narrowed.grant_types, ['authorization_code'])
  const renamed = await update(
    'The displayed name may change.',
    narrowed,
    { client_name: 'Renamed' },
    200,
  )
  assert.equal(renamed.client_name, 'Renamed')
  await step('Each update ended the token before.', managing(narrowed), 401)
})
