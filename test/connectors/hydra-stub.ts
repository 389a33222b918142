import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isObject } from '../../lib/json.ts'
import { listen } from '../support/loopback.ts'
import type { HydraServer } from './hydra-api.ts'

type StoredClient = Record<string, unknown> & { readonly client_id: string }

export type HydraStub = HydraServer & {
  /** Number of calls that are answered as if they had met another one. */
  conflicts: number
  /** While set, calls of the administration API get this status. */
  fault: number | undefined
  readonly clients: ReadonlyMap<string, StoredClient>
}

type Answer = readonly [status: number, body?: unknown, headers?: Record<string, string>]

const secret = 'the-token-of-the-administration-api'

/**
 * The part of Ory Hydra's administration API that the connector uses, in memory, and its client
 * credentials grant. `npm run connectors` runs the same suite against Ory Hydra itself.
 */
export async function startHydraStub(): Promise<HydraStub> {
  const stub = { conflicts: 0, fault: undefined as HydraStub['fault'] }
  const clients = new Map<string, StoredClient>()
  const tokens = new Map<string, string>()

  function route(method: string, url: URL, body: unknown): Answer {
    const [, , kind, id = ''] = url.pathname.split('/').map(decodeURIComponent)
    if (kind === 'oauth2' && id === 'tokens' && method === 'DELETE')
      return revoke(url.searchParams.get('client_id'))
    if (kind === 'oauth2' && id === 'introspect')
      return [200, { active: tokens.has(String((body as URLSearchParams).get('token'))) }]
    if (kind !== 'clients') return [404]
    if (id === '') return method === 'POST' ? create(body) : listed(url)
    const client = clients.get(id)
    if (client === undefined) return [404, { error: 'Unable to locate the resource' }]
    if (method === 'GET') return [200, visible(client)]
    if (method === 'PUT') return store(body, id, client.client_secret, 200)
    clients.delete(id)
    return [204]
  }

  function create(body: unknown): Answer {
    const { client_id = randomUUID() } = body as { client_id?: string }
    if (clients.has(client_id)) return [409, { error: 'Unable to insert or update resource' }]
    return store(body, client_id, randomUUID(), 201)
  }

  function store(body: unknown, client_id: string, before: unknown, status: number): Answer {
    const sent = body as Record<string, unknown>
    const error = problem(sent)
    if (error !== undefined) return [400, { error }]
    const client = { ...defaults, client_secret: before, ...sent, client_id }
    clients.set(client_id, client)
    return [status, { ...visible(client), client_secret: sent.client_secret }]
  }

  /** Pages of the clients of one owner; the link counts the clients of everybody. */
  function listed({ searchParams }: URL): Answer {
    const size = Number(searchParams.get('page_size') ?? 250)
    const first = Number(searchParams.get('page_token') || 0)
    const owner = searchParams.get('owner')
    const all = [...clients.values()].filter((client) => owner === null || client.owner === owner)
    const sorted = all.sort((one, other) => (one.client_id < other.client_id ? -1 : 1))
    const next = first + size
    const link = `</admin/clients?page_size=${size}&page_token=${next}>; rel="next"`
    const headers = next < clients.size ? { link: `</admin/clients>; rel="first",${link}` } : {}
    return [200, sorted.slice(first, next).map(visible), headers]
  }

  function revoke(client_id: string | null): Answer {
    for (const [token, owner] of tokens) if (owner === client_id) tokens.delete(token)
    return [204]
  }

  function conflict(): Answer {
    stub.conflicts -= 1
    const error = 'Unable to serialize access due to a concurrent update in another session'
    return [400, { error, error_description: '' }]
  }

  function grant({ headers }: IncomingMessage, form: URLSearchParams): Answer {
    const [client_id = '', password] = atob(String(headers.authorization).slice(6)).split(':')
    const client = clients.get(client_id)
    const grants = client?.grant_types as readonly string[] | undefined
    if (client?.client_secret !== password) return [401, { error: 'invalid_client' }]
    if (!grants?.includes(form.get('grant_type') ?? '')) return [400, { error: 'unauthorized' }]
    const access_token = randomUUID()
    tokens.set(access_token, client_id)
    return [200, { access_token }]
  }

  async function respond(request: IncomingMessage, response: ServerResponse) {
    const text = Buffer.concat(await request.toArray()).toString()
    const url = new URL(request.url ?? '', 'http://stub')
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form') ?? false
    const body = isForm ? new URLSearchParams(text) : text === '' ? {} : JSON.parse(text)
    const isAdmin = request.headers.authorization === `Bearer ${secret}`
    const answer: Answer =
      url.pathname === '/oauth2/token'
        ? grant(request, body)
        : stub.fault !== undefined
          ? [stub.fault]
          : isAdmin
            ? stub.conflicts > 0
              ? conflict()
              : route(request.method ?? '', url, body)
            : [401]
    const [status, answered, headers = {}] = answer
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    return response.end(answered === undefined ? '' : JSON.stringify(answered))
  }

  const { port, close } = await listen(
    createServer((request, response) => {
      respond(request, response).catch(() => response.destroy())
    }),
  )
  const url = `http://127.0.0.1:${port}`
  return Object.assign(stub, { url, publicUrl: url, secret, clients, close })
}

/** What Hydra returns for members that a client does not have. */
const defaults = {
  client_name: '',
  redirect_uris: [],
  grant_types: null,
  response_types: null,
  scope: 'offline_access offline openid',
  audience: [],
  owner: '',
  policy_uri: '',
  allowed_cors_origins: [],
  tos_uri: '',
  client_uri: '',
  logo_uri: '',
  contacts: null,
  client_secret_expires_at: 0,
  subject_type: 'public',
  jwks: {},
  token_endpoint_auth_method: 'client_secret_basic',
  userinfo_signed_response_alg: 'none',
  metadata: {},
  skip_consent: false,
  skip_logout_consent: null,
}

/** A client without its secret, and without the members that Hydra omits if they are empty. */
const visible = ({ client_secret: _, ...client }: StoredClient) => {
  const isReturned = ([name, value]: readonly [string, unknown]) =>
    name in defaults || (value !== '' && value !== false)
  const kept = Object.fromEntries(Object.entries(client).filter(isReturned))
  return { ...kept, jwks: normalized(client.jwks) }
}

/** The keys with the members that go-jose knows. */
const normalized = (jwks: unknown) =>
  isObject(jwks) && Array.isArray(jwks.keys)
    ? {
        keys: jwks.keys.map(({ use, kty, kid, crv, alg, x, y, n, e }) => ({
          ...{ use, kty, kid, crv, alg, x, y, n, e },
        })),
      }
    : {}

/** The error code with which Hydra rejects a client; undefined if it takes it. */
function problem(client: Record<string, unknown>): string | undefined {
  const { jwks, jwks_uri, token_endpoint_auth_method: method, subject_type } = client
  const redirectUris = (client.redirect_uris ?? []) as readonly string[]
  if (isObject(jwks) && Array.isArray(jwks.keys) && jwks.keys.some(({ crv }) => crv === 'X25519'))
    return 'The request was malformed or contained invalid parameters'
  if (redirectUris.some((uri) => uri.includes('#'))) return 'invalid_redirect_uri'
  if (jwks_uri && jwks !== undefined) return 'invalid_client_metadata'
  if (method === 'private_key_jwt' && !jwks_uri && jwks === undefined)
    return 'invalid_client_metadata'
  if (subject_type === 'pairwise') return 'invalid_client_metadata'
  return undefined
}
