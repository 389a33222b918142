import { setTimeout as pause } from 'node:timers/promises'
import { OAuthError } from '../../lib/errors.ts'
import { isObject } from '../../lib/json.ts'
import type { HydraSettings } from '../../lib/settings/connector-settings.ts'
import { type AdminRequest, type AdminResponse, sendAdminRequest } from './admin-api.ts'
import type { Connector } from './connector.ts'
import { type HydraClient, hydraFingerprint, markOf, toHydraClient } from './hydra-client.ts'
import type { AdminSecret } from './keycloak.ts'

type Call = Pick<AdminRequest, 'method' | 'body' | 'signal'> & {
  readonly path: string
  readonly expected: readonly number[]
}

const pageSize = 100

/** Pauses in milliseconds before a call that met a concurrent one is repeated. */
const pauses = [50, 100, 200, 400]

/**
 * Pushes clients to Ory Hydra by its administration API. `source` marks the clients of this service
 * there. Hydra itself asks for no credentials: `adminSecret` is the bearer token of what protects
 * its API, such as a reverse proxy, or of Ory Network.
 */
export function hydraConnector(
  settings: HydraSettings,
  adminSecret: AdminSecret,
  source: string,
  clock = Date.now,
): Connector {
  const { url } = settings
  const name = `hydra ${new URL(url).host}`

  /** Sends a call, once more with the token read again if it is rejected. */
  async function call({ method, path, body, signal, expected }: Call): Promise<AdminResponse> {
    const send = async (isRejected: boolean) =>
      sendAdminRequest({
        method,
        url: `${url}/admin${path}`,
        headers: { authorization: `Bearer ${await adminSecret(isRejected)}` },
        body,
        signal,
      })
    const first = await send(false)
    const isRejected = first.status === 401 || first.status === 403
    let response = isRejected ? await send(true) : first
    for (const milliseconds of pauses) {
      if (!isConflict(response)) break
      // Half of the pause is random, so that calls that met do not meet again.
      await pause(milliseconds * (0.5 + Math.random()), undefined, signal && { signal })
      response = await send(false)
    }
    if (expected.includes(response.status)) return response
    const rejection = response.status === 400 ? rejectionOf(response.body) : undefined
    if (rejection !== undefined) throw rejection
    throw new Error(`${name}: ${method} ${path.split(/[/?]/)[1]}: status ${response.status}`)
  }

  /** The client of this service with this identifier; what anybody else created is not ours. */
  async function find(
    client_id: string,
    signal: AbortSignal | undefined,
  ): Promise<'none' | 'ours' | 'other'> {
    const path = pathOf(client_id)
    const { status, body } = await call({ method: 'GET', path, signal, expected: [200, 404] })
    if (status === 404) return 'none'
    return markOf(body as Partial<HydraClient>, source) === undefined ? 'other' : 'ours'
  }

  return {
    name,

    async push(pushed, signal) {
      const client = toHydraClient(pushed, settings, source, Math.floor(clock() / 1000))
      const path = pathOf(client.client_id)
      const send = { body: client, signal } as const
      const created = await call({
        method: 'POST',
        path: '/clients',
        expected: [201, 409],
        ...send,
      })
      if (created.status === 409) {
        if ((await find(client.client_id, signal)) === 'other')
          throw new Error(`${name}: a client that is not from this service has the identifier`)
        await call({ method: 'PUT', path, expected: [200], ...send })
      }
      if (pushed.isActive) return
      // Its refresh tokens stay, for when it is enabled again, and have no use until then.
      const tokens = `/oauth2/tokens?client_id=${encodeURIComponent(client.client_id)}`
      await call({ method: 'DELETE', path: tokens, signal, expected: [204] })
    },

    async remove(client_id, signal) {
      if ((await find(client_id, signal)) !== 'ours') return
      await call({ method: 'DELETE', path: pathOf(client_id), signal, expected: [204, 404] })
    },

    async *list() {
      let token: string | undefined = ''
      while (token !== undefined) {
        const query = `page_size=${pageSize}&owner=${encodeURIComponent(source)}&page_token=${token}`
        const path = `/clients?${query}`
        const { body, headers } = await call({ method: 'GET', path, expected: [200] })
        const page = body as readonly Partial<HydraClient>[]
        for (const client of page) {
          const mark = markOf(client, source)
          if (mark === undefined) continue
          const { client_id = '' } = client
          const fingerprint = hydraFingerprint(client, source)
          yield { client_id, fingerprint, pushed_at: Number(mark.pushed_at) }
        }
        // The link counts the clients of everybody.
        token = page.length < pageSize ? undefined : nextToken(headers.link)
      }
    },

    fingerprint: (pushed) => hydraFingerprint(toHydraClient(pushed, settings, source, 0), source),
  }
}

const pathOf = (client_id: string) => `/clients/${encodeURIComponent(client_id)}`

/** The token of the next page, as the link has it (RFC 8288 §3). */
const nextToken = (link: unknown): string | undefined =>
  /[?&]page_token=([^>&]+)[^>]*>;\s*rel="next"/.exec(String(link ?? ''))?.[1]

const errorOf = (body: unknown): string => (isObject(body) ? String(body.error) : '')

/** Hydra answers 400 if its database could not serialize two calls, as if they were wrong. */
const isConflict = ({ status, body }: AdminResponse): boolean =>
  status === 400 && errorOf(body).startsWith('Unable to serialize access')

/** The error of a client that Hydra rejects; undefined for any other response. */
function rejectionOf(body: unknown): OAuthError | undefined {
  const error = errorOf(body)
  if (error === 'invalid_redirect_uri')
    return new OAuthError(
      'invalid_redirect_uri',
      'the authorization server rejects one of these URIs',
    )
  // The second is about a body that it cannot decode, such as a key of an unknown type.
  return error === 'invalid_client_metadata' || error.startsWith('The request was malformed')
    ? new OAuthError(
        'invalid_client_metadata',
        'the authorization server rejects these client metadata',
      )
    : undefined
}
