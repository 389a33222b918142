import * as oauth from 'oauth4webapi'
import { equal, metadata, variable } from '../given.ts'

/** Registers by oauth4webapi, then reads, updates and deletes by its function for any protected resource. */
const insecure = { [oauth.allowInsecureRequests]: true }
const issuer = new URL(variable('ISSUER'))
const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
const server = await oauth.processDiscoveryResponse(issuer, discovered)

const response = await oauth.dynamicClientRegistrationRequest(server, metadata('oauth4webapi'), {
  initialAccessToken: variable('INITIAL_ACCESS_TOKEN'),
  ...insecure,
})
const registered = await oauth.processDynamicClientRegistrationResponse(response)
const location = new URL(String(registered.registration_client_uri))

const send = (token: unknown, method: string, body?: object) =>
  oauth.protectedResourceRequest(
    String(token),
    method,
    location,
    new Headers(body && { 'content-type': 'application/json' }),
    body && JSON.stringify(body),
    insecure,
  )

const read = (await (await send(registered.registration_access_token, 'GET')).json()) as object
equal(read, { ...registered })

const { client_id } = registered
const renamed = { client_id, ...metadata('oauth4webapi, renamed') }
const updated = (await (
  await send(registered.registration_access_token, 'PUT', renamed)
).json()) as Record<string, unknown>
equal(updated.client_name, renamed.client_name)

equal((await send(updated.registration_access_token, 'DELETE')).status, 204)
