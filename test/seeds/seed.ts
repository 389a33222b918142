import { afterAll } from 'vitest'
import type { ServiceOptions } from '../../cdk/local/service-options.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { type Api, type ApiAnswer, type ApiRequest, startApi } from '../support/api.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { type Issuer, type IssuerOptions, startIssuer } from '../support/issuer.ts'

/** The metadata of an ordinary client. */
export const ordinary = { redirect_uris: ['https://client.example/callback'] }

/** A service with these settings, on the embedded DynamoDB of the test run, until the file's tests are done. */
export async function serve(settings: SettingsInput, options: ServiceOptions = {}): Promise<Api> {
  const api = await startApi({ settings, dynamodbEndpoint: embeddedDynamodb, ...options })
  afterAll(() => api.service.close())
  return api
}

/** An issuer of JWTs, until the file's tests are done. */
export async function issuing(options?: IssuerOptions): Promise<Issuer> {
  const issuer = await startIssuer(options)
  afterAll(() => issuer.close())
  return issuer
}

/** A request to the registration endpoint. */
export const register = (
  { call, service }: Api,
  body: unknown = ordinary,
  request: Omit<ApiRequest, 'body'> = {},
): Promise<ApiAnswer> => call(service.registrationEndpoint, { method: 'POST', body, ...request })

type Managed = { readonly client_id: string; readonly uri: string; readonly token: string }

/** How a registered client reaches its configuration endpoint, by the answer to its latest request. */
export const managed = ({ body }: ApiAnswer): Managed => ({
  client_id: String(body.client_id),
  uri: String(body.registration_client_uri),
  token: String(body.registration_access_token),
})

/** RFC 7592 §2.1, with the token of an earlier answer. */
export function read({ call }: Api, earlier: ApiAnswer): Promise<ApiAnswer> {
  const { uri, token } = managed(earlier)
  return call(uri, { bearer: token })
}

/** RFC 7592 §2.2, with the token of an earlier answer. */
export function update({ call }: Api, earlier: ApiAnswer, metadata: object): Promise<ApiAnswer> {
  const { client_id, uri, token } = managed(earlier)
  return call(uri, { method: 'PUT', bearer: token, body: { client_id, ...metadata } })
}

/** A client as the operator sees it. */
export async function administered({ call, service }: Api, { body }: ApiAnswer) {
  const answer = await call(`/clients/${body.client_id}`, { bearer: service.masterToken })
  return answer.body
}

/** The clients of an owner, as the operator sees them. */
export async function clientsOf({ call, service }: Api, owner: string): Promise<unknown[]> {
  const { body } = await call(`/clients?owner=${owner}`, { bearer: service.masterToken })
  return body.clients as unknown[] // a list, by the operator's endpoint
}
