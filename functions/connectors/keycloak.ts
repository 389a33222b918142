import { OAuthError } from '../../lib/errors.ts'
import type { KeycloakSettings } from '../../lib/settings/connector-settings.ts'
import { type AdminRequest, type AdminResponse, sendAdminRequest } from './admin-api.ts'
import type { Connector, ListedClient } from './connector.ts'
import {
  type KeycloakClient,
  keycloakFingerprint,
  keycloakId,
  pushedAtAttribute,
  serviceAccountScope,
  sourceAttribute,
  toKeycloakClient,
} from './keycloak-client.ts'

/** The secret of the service account; read again if the server rejects the one before. */
export type AdminSecret = (isRejected: boolean) => Promise<string>

type Call = Pick<AdminRequest, 'method' | 'body' | 'signal'> & {
  readonly path: string
  readonly expected: readonly number[]
}

const pageSize = 100
/** Seconds before its expiry from which an access token is no longer used. */
const tokenMarginSeconds = 10
const scopesTtlMs = 60_000

/**
 * Pushes clients to a realm of Keycloak by its Admin REST API. `source` marks the clients of this
 * service in the realm.
 */
export function keycloakConnector(
  settings: KeycloakSettings,
  adminSecret: AdminSecret,
  source: string,
  clock = Date.now,
): Connector {
  const { url, realm, clientId } = settings
  const name = `keycloak ${new URL(url).host} ${realm}`
  const admin = `${url}/admin/realms/${realm}`
  let token: { readonly value: string; readonly expiresAt: number } | undefined
  let scopes: { readonly ids: ReadonlyMap<string, string>; readonly readAt: number } | undefined

  async function requestToken(
    signal: AbortSignal | undefined,
    isRejected = false,
  ): Promise<string> {
    const secret = await adminSecret(isRejected)
    const response = await sendAdminRequest({
      method: 'POST',
      url: `${url}/realms/${realm}/protocol/openid-connect/token`,
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: secret,
      }),
      signal,
    })
    if ((response.status === 401 || response.status === 400) && !isRejected)
      return requestToken(signal, true)
    const { access_token, expires_in } = (response.body ?? {}) as Record<string, unknown>
    if (response.status !== 200 || typeof access_token !== 'string')
      throw new Error(`${name}: no access token, status ${response.status}`)
    token = { value: access_token, expiresAt: clock() + Number(expires_in) * 1000 }
    return access_token
  }

  /** Sends a call, once more with a new access token if Keycloak rejects the one that is cached. */
  async function call({ method, path, body, signal, expected }: Call): Promise<AdminResponse> {
    const isFresh = token !== undefined && token.expiresAt - tokenMarginSeconds * 1000 > clock()
    const send = (value: string) =>
      sendAdminRequest({
        method,
        url: `${admin}${path}`,
        headers: { authorization: `Bearer ${value}` },
        body,
        signal,
      })
    const cached = isFresh ? token?.value : undefined
    const first = await send(cached ?? (await requestToken(signal)))
    const response =
      first.status === 401 && cached !== undefined ? await send(await requestToken(signal)) : first
    if (expected.includes(response.status)) return response
    if (response.status === 400 && body !== undefined)
      throw new OAuthError(
        'invalid_client_metadata',
        'the authorization server rejects these client metadata',
      )
    throw new Error(`${name}: ${method} ${path.split(/[/?]/)[1]}: status ${response.status}`)
  }

  /** Identifiers of the realm's client scopes by name. */
  async function clientScopes(
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, string>> {
    const isKnown = scopes !== undefined && names.every((scope) => scopes?.ids.has(scope))
    if (scopes !== undefined && isKnown && scopes.readAt > clock() - scopesTtlMs) return scopes.ids
    const { body } = await call({ method: 'GET', path: '/client-scopes', signal, expected: [200] })
    const list = body as readonly { readonly name: string; readonly id: string }[]
    scopes = { ids: new Map(list.map((scope) => [scope.name, scope.id])), readAt: clock() }
    return scopes.ids
  }

  /** An update does not change the scopes of a client: each is assigned by a call of its own. */
  async function assignScopes(
    client: KeycloakClient,
    ids: ReadonlyMap<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const path = `/clients/${client.id}`
    const { body } = await call({ method: 'GET', path, signal, expected: [200] })
    const current = body as Partial<KeycloakClient>
    for (const kind of ['default', 'optional'] as const) {
      const member = `${kind}ClientScopes` as const
      const [wanted, given] = [client[member], current[member] ?? []]
      const change = (method: 'PUT' | 'DELETE') => async (scope: string) => {
        const scopePath = `${path}/${kind}-client-scopes/${ids.get(scope)}`
        await call({ method, path: scopePath, signal, expected: [204, 404] })
      }
      const kept = [...wanted, serviceAccountScope]
      for (const scope of given.filter((scope) => !kept.includes(scope)))
        await change('DELETE')(scope)
      for (const scope of wanted.filter((scope) => !given.includes(scope)))
        await change('PUT')(scope)
    }
  }

  return {
    name,

    async push(pushed, signal) {
      const client = toKeycloakClient(pushed, settings, source, Math.floor(clock() / 1000))
      const wanted = [...client.defaultClientScopes, ...client.optionalClientScopes]
      const ids = await clientScopes(wanted, signal)
      if (wanted.some((scope) => !ids.has(scope)))
        throw new OAuthError(
          'invalid_client_metadata',
          'scope: the authorization server has no such scope',
        )
      const create = { method: 'POST', path: '/clients', body: client, signal } as const
      const created = await call({ ...create, expected: [201, 409] })
      if (created.status === 201) return
      const replace = {
        method: 'PUT',
        path: `/clients/${client.id}`,
        body: client,
        signal,
      } as const
      const replaced = await call({ ...replace, expected: [204, 404] })
      if (replaced.status === 404)
        throw new Error(`${name}: a client that is not from this service has the identifier`)
      await assignScopes(client, ids, signal)
    },

    async remove(client_id, signal) {
      const path = `/clients/${keycloakId(client_id)}`
      await call({ method: 'DELETE', path, signal, expected: [204, 404] })
    },

    async *list() {
      for (let first = 0; ; first += pageSize) {
        // Keycloak searches only by the attributes that its own configuration allows.
        const path = `/clients?first=${first}&max=${pageSize}`
        const { body } = await call({ method: 'GET', path, expected: [200] })
        const page = body as readonly Partial<KeycloakClient>[]
        for (const client of page) if (isFrom(client, source)) yield listed(client, source)
        if (page.length < pageSize) return
      }
    },

    fingerprint: (pushed) => {
      const client = toKeycloakClient(pushed, settings, source, 0)
      return keycloakFingerprint(client, source)
    },
  }
}

const isFrom = ({ id, clientId = '', attributes }: Partial<KeycloakClient>, source: string) =>
  attributes?.[sourceAttribute] === source && id === keycloakId(clientId)

const listed = (client: Partial<KeycloakClient>, source: string): ListedClient => ({
  client_id: client.clientId ?? '',
  fingerprint: keycloakFingerprint(client, source),
  pushed_at: Number(client.attributes?.[pushedAtAttribute] ?? 0),
})
