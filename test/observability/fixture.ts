import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { type Api, type ApiAnswer, type ApiRequest, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'
import { requestLines } from './line.ts'
import type { Fixture } from './requests.ts'
import { secretsOf } from './secrets.ts'

/** Who administers by an access token. */
const administrators = signer('https://administrators.example')

/** A service that is watched: what was sent to it, and what it wrote. */
export type Watched = {
  readonly api: Api
  readonly fixture: Fixture
  /** Every token and secret that was sent or answered. */
  readonly seen: ReadonlySet<string>
  /** Sends a request, and keeps its secrets. */
  readonly call: (path: string, request?: ApiRequest) => Promise<ApiAnswer>
  /** How many requests were sent. */
  readonly answered: () => number
  /** The line of each request, once the last one has been written. */
  readonly lines: () => Promise<ReturnType<typeof requestLines>>
}

/** Starts a service with all that the requests need. */
export async function startWatched(): Promise<Watched> {
  const api = await startApi({
    stage: 'operate',
    staticInitialAccessToken: 'the-static-token-of-this-test',
    extensions: join(import.meta.dirname, 'extensions'),
    settings: {
      log: { level: 'debug' },
      approval: 'draft',
      pendingRegistration: { lifetime: 5 },
      limits: { body: 1024 },
      initialAccessToken: { static: true },
      registrationAccessToken: { rotateOn: ['read', 'update'] },
      metadata: { unknown: 'refuse', documents: 'warn' },
      accessTokenIssuers: [
        {
          issuer: administrators.issuer,
          jwks: administrators.jwks,
          audience: ['operate'],
          administers: true,
        },
      ],
      softwareStatement: {
        issuers: [{ issuer: 'https://issuer.example', jwksUri: 'https://issuer.example/jwks' }],
      },
    },
  })
  const seen = new Set<string>(['a-secret-of-mine', api.service.masterToken])
  let sent = 0
  const call: Watched['call'] = async (path, request = {}) => {
    const answer = await api.call(path, request)
    sent += 1
    for (const secret of secretsOf(answer.body)) seen.add(secret)
    if (request.bearer !== undefined) seen.add(request.bearer)
    return answer
  }
  const token: Fixture['token'] = async (body = {}) => {
    const request = { method: 'POST', bearer: api.service.masterToken, body }
    return String((await call('/initial-access-tokens', request)).body.access_token)
  }
  const register = async (sub?: string) => {
    const body = { redirect_uris: ['https://client.example/callback'] }
    const bearer = await token(sub === undefined ? {} : { sub })
    const answer = await call('/register', { method: 'POST', bearer, body })
    const client_id = String(answer.body.client_id)
    await call(`/clients/${client_id}/approval`, {
      method: 'POST',
      bearer: api.service.masterToken,
      body: { decision: 'approve' },
    })
    return {
      client_id,
      token: String(answer.body.registration_access_token),
      path: `/register/${client_id}`,
      body: answer.body,
    }
  }
  const administrator = (sub: string | undefined) =>
    administrators.accessToken({ aud: 'operate', scope: 'client-admin client-reg', sub })
  const lines = async () => {
    await vi.waitFor(() => expect(requestLines(api.log).length).toBeGreaterThanOrEqual(sent))
    return requestLines(api.log)
  }
  const fixture = { api, call, register, token, administrator, client: await register('bob') }
  return { api, fixture, seen, call, answered: () => sent, lines }
}
