import * as openid from 'openid-client'
import { equal, metadata, variable } from '../given.ts'

/** Registers by openid-client, then reads, updates and deletes by its function for any protected resource. */
const configuration = await openid.dynamicClientRegistration(
  new URL(variable('ISSUER')),
  metadata('openid-client'),
  undefined,
  {
    initialAccessToken: variable('INITIAL_ACCESS_TOKEN'),
    execute: [openid.allowInsecureRequests],
  },
)
const registered = configuration.clientMetadata()
const location = new URL(String(registered.registration_client_uri))

const send = (token: unknown, method: string, body?: object) =>
  openid.fetchProtectedResource(
    configuration,
    String(token),
    location,
    method,
    body && JSON.stringify(body),
    new Headers(body && { 'content-type': 'application/json' }),
  )

const read = (await (await send(registered.registration_access_token, 'GET')).json()) as object
equal(read, { ...registered })

const { client_id } = registered
const renamed = { client_id, ...metadata('openid-client, renamed') }
const updated = (await (
  await send(registered.registration_access_token, 'PUT', renamed)
).json()) as Record<string, unknown>
equal(updated.client_name, renamed.client_name)

equal((await send(updated.registration_access_token, 'DELETE')).status, 204)
