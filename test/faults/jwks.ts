import { randomUUID } from 'node:crypto'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { type JwksAnswer, type JwksEndpoint, jwksEndpoint } from '../doubles/jwks-endpoint.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { signer } from '../support/signer.ts'
import type { ServiceRequest } from './instance.ts'
import type { Operation } from './operation.ts'
import { type Outcome, prepareTrial, undisturbed, untilUnspoiled, type World } from './trial.ts'

const issuer = signer()
/** Has other keys under the same name. */
const impostor = signer()

const keys = JSON.stringify(issuer.jwks)

/** What is wrong with the endpoint that serves an issuer's keys. */
export const jwksFaults: Readonly<Record<string, JwksAnswer>> = {
  down: 'none',
  slow: 'late',
  'an error': { status: 500, body: '{}' },
  'no JSON': { body: '<html>' },
  'no key set': { body: '{"keys":7}' },
  'a redirect': { status: 302, body: keys, location: '/jwks?moved' },
  'wrong keys': { body: JSON.stringify(impostor.jwks) },
}

export type JwksOperation = Omit<Operation, 'settings' | 'repeated'> & {
  readonly settings: (jwksUri: string) => SettingsInput
  /** Status of the response where the keys are there, but did not sign. */
  readonly wrongKeys: number
}

const audience = ['https://as.example/register']
const trusting = (jwksUri: string): SettingsInput => ({
  accessTokenIssuers: [
    { issuer: issuer.issuer, jwksUri, audience, singleUse: true, administers: true },
  ],
})
const register = (bearer: string, body: object | string = ordinary): ServiceRequest => ({
  method: 'POST',
  path: '/register',
  bearer,
  body,
})
const signed = (claims: object = {}) =>
  issuer.sign({ aud: 'https://as.example', jti: randomUUID(), ...ordinary, ...claims })

export const jwksOperations: readonly JwksOperation[] = [
  {
    name: 'register, access token',
    settings: trusting,
    success: 201,
    wrongKeys: 401,
    prepare: async () => ({ request: register(issuer.accessToken()) }),
  },
  {
    name: 'register, software statement, token on_success',
    settings: (jwksUri) => ({
      softwareStatement: { issuers: [{ issuer: issuer.issuer, jwksUri }] },
    }),
    success: 201,
    wrongKeys: 400,
    async prepare(server) {
      const software_statement = issuer.sign({ software_id: 'notes' })
      return {
        request: register(await initialAccessToken(server), { ...ordinary, software_statement }),
      }
    },
  },
  {
    name: 'register, signed body, token on_success',
    settings: (jwksUri) => ({ signedRequest: { issuers: [{ issuer: issuer.issuer, jwksUri }] } }),
    success: 201,
    wrongKeys: 400,
    prepare: async (server) => ({ request: register(await initialAccessToken(server), signed()) }),
  },
  {
    name: 'update, signed body',
    settings: (jwksUri) => ({ signedRequest: { issuers: [{ issuer: issuer.issuer, jwksUri }] } }),
    success: 200,
    wrongKeys: 400,
    async prepare(server) {
      const { client_id, token: bearer } = await registered(server)
      const body = signed({ client_id, client_name: 'Renamed' })
      return { request: { method: 'PUT', path: `/register/${client_id}`, bearer, body } }
    },
  },
  {
    name: 'operator: disable a client, access token',
    settings: trusting,
    success: 200,
    wrongKeys: 401,
    async prepare(server) {
      const request = { bearer: masterToken, body: ordinary, now }
      const { client_id } = await registerClient(request, server)
      const bearer = issuer.accessToken({ scope: 'client-admin' })
      const body = { disabled: true }
      return { request: { method: 'PATCH', path: `/clients/${client_id}`, bearer, body } }
    },
  },
]

/** Carries out an operation while the issuer's keys cannot be had, and again when they can. */
export async function withoutKeys(
  operation: JwksOperation,
  fault: string,
  world: World,
): Promise<Outcome> {
  const endpoint = await jwksEndpoint(issuer.jwks)
  try {
    return await untilUnspoiled(() => observe(operation, fault, endpoint, world))
  } finally {
    await endpoint.close()
  }
}

/** Undefined if a call failed that was not to fail. */
async function observe(
  { settings, wrongKeys, ...operation }: JwksOperation,
  fault: string,
  endpoint: JwksEndpoint,
  world: World,
): Promise<Outcome | undefined> {
  const trusted: Operation = { ...operation, settings: settings(endpoint.uri), repeated: 0 }
  endpoint.answer({ body: keys })
  const course = await undisturbed(trusted, world)
  const trial = await prepareTrial(trusted, world)
  const problems: string[] = []
  endpoint.answer(jwksFaults[fault] ?? 'none')
  const asked = endpoint.requests()
  const response = await (await trial.start())(trial.request)
  const left = await trial.changes()
  if (endpoint.requests() !== asked + 1) problems.push('the keys are not requested once')
  if (response.status !== (fault === 'wrong keys' ? wrongKeys : 503))
    problems.push(`it responded ${response.status}`)
  if (response.status === 503 && !/^\d+$/.test(response.headers['retry-after'] ?? ''))
    problems.push('503 without Retry-After')
  if (left.length > 0) problems.push(`it left ${left.join(', ')}`)

  // Another instance: this one does not request the keys again for five seconds.
  endpoint.answer({ body: keys })
  const { status } = await (await trial.start())(trial.request)
  if (status !== operation.success) problems.push(`the repetition gets ${status}`)
  const after = await trial.changes()
  if (after.join() !== course.changes.join())
    problems.push(`the repetition left ${after.join(', ')}`)
  return trial.isSpoiled() ? undefined : { seen: `${response.status}, then ${status}`, problems }
}
