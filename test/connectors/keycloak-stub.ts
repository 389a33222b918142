import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../support/loopback.ts'
import type { Realm } from './realm.ts'

type Attributes = Record<string, string>
type StoredClient = Record<string, unknown> & {
  id: string
  clientId: string
  attributes: Attributes
  defaultClientScopes: string[]
  optionalClientScopes: string[]
}

const clientScopes = [
  ...['basic', 'acr', 'web-origins', 'roles', 'profile', 'email', 'address', 'phone'],
  ...['offline_access', 'service_account'],
].map((name) => ({ name, id: `scope-${name}` }))

const secretOfService = 'the-secret-of-the-service-account-0'

export type KeycloakStub = Realm & {
  /** While set, calls of the Admin REST API get this status, or no response at all. */
  fault: number | 'silent' | undefined
  readonly clients: ReadonlyMap<string, StoredClient>
}

/**
 * The part of Keycloak's Admin REST API that the connector uses, in memory. `npm run connectors`
 * runs the same suite against Keycloak itself.
 */
export async function startKeycloakStub(): Promise<KeycloakStub> {
  const clients = new Map<string, StoredClient>()
  const tokens = new Set<string>()
  const stub = { fault: undefined as KeycloakStub['fault'] }

  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString()
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stub')
    if (pathname === '/realms/test/protocol/openid-connect/token')
      return respondWithToken(new URLSearchParams(text), response)
    if (stub.fault === 'silent') return undefined
    if (stub.fault !== undefined) return respond(response, stub.fault, { error: 'a fault' })
    if (!tokens.has(bearerOf(request))) return respond(response, 401)
    const path = pathname.replace('/admin/realms/test', '')
    const body = text === '' ? {} : JSON.parse(text)
    const [status, answer] = route(request.method ?? '', path.split('/').slice(1), body)
    const page = Array.isArray(answer) ? paged(answer, searchParams) : answer
    return respond(response, status, page)
  })

  function respondWithToken(form: URLSearchParams, response: ServerResponse) {
    const { client_id, client_secret } = Object.fromEntries(form)
    if (client_id === 'registration-service' && client_secret === secretOfService) {
      const access_token = randomUUID()
      tokens.add(access_token)
      return respond(response, 200, { access_token, expires_in: 60 })
    }
    const client = [...clients.values()].find(({ clientId }) => clientId === client_id)
    const mayGetToken =
      client?.enabled && client.serviceAccountsEnabled && client.secret === client_secret
    return respond(response, mayGetToken ? 200 : 401, mayGetToken ? { access_token: 'x' } : {})
  }

  function route(method: string, path: readonly string[], body: object): Answer {
    const [kind, id = '', list = '', scope] = path
    if (kind === 'client-scopes') return [200, clientScopes]
    if (kind !== 'clients') return [404]
    if (id === '')
      return method === 'POST' ? create(body as StoredClient) : [200, [...clients.values()]]
    const client = clients.get(id)
    if (client === undefined) return [404]
    if (list !== '') return assign(client, method, list, scope)
    if (method === 'GET') return [200, client]
    if (method === 'DELETE') clients.delete(id)
    if (method === 'PUT') replace(client, body as StoredClient)
    return [204]
  }

  function create(body: StoredClient): Answer {
    const isTaken = [...clients.values()].some(
      ({ id, clientId }) => id === body.id || clientId === body.clientId,
    )
    if (isTaken) return [409]
    const { id = randomUUID(), attributes = {} } = body
    const ofKeycloak = body.serviceAccountsEnabled ? ['service_account'] : []
    clients.set(id, {
      ...body,
      id,
      attributes: withoutEmpty(attributes),
      defaultClientScopes: [...body.defaultClientScopes, ...ofKeycloak],
    })
    return [201]
  }

  function replace(client: StoredClient, body: StoredClient): void {
    const { defaultClientScopes: _, optionalClientScopes: __, attributes, ...others } = body
    const merged = withoutEmpty({ ...client.attributes, ...attributes })
    clients.set(client.id, { ...client, ...others, attributes: merged })
  }

  function assign(client: StoredClient, method: string, list: string, scope = ''): Answer {
    const member = list.startsWith('default') ? 'defaultClientScopes' : 'optionalClientScopes'
    const name = clientScopes.find(({ id }) => id === scope)?.name
    if (name === undefined) return [404]
    const others = client[member].filter((assigned) => assigned !== name)
    client[member] = method === 'PUT' ? [...others, name] : others
    return [204]
  }

  const { port, close } = await listen(server)
  return Object.assign(stub, {
    url: `http://127.0.0.1:${port}`,
    realm: 'test',
    clientId: 'registration-service',
    secret: secretOfService,
    clients,
    async createByHand(client: object) {
      const { clientId } = client as { clientId: string }
      create({
        defaultClientScopes: [],
        optionalClientScopes: [],
        ...client,
      } as unknown as StoredClient)
      return [...clients.values()].find((stored) => stored.clientId === clientId)?.id ?? ''
    },
    async changeByHand(id: string, changes: object) {
      const client = clients.get(id)
      if (client !== undefined) replace(client, changes as StoredClient)
    },
    get: async (id: string) => clients.get(id),
    close,
  })
}

type Answer = readonly [status: number, body?: unknown]

const bearerOf = ({ headers }: IncomingMessage) => String(headers.authorization).slice(7)

const withoutEmpty = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))

const paged = (list: readonly unknown[], query: URLSearchParams) => {
  const first = Number(query.get('first') ?? 0)
  return list.slice(first, first + Number(query.get('max') ?? list.length))
}

const respond = (response: ServerResponse, status: number, body?: unknown) =>
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(body === undefined ? '' : JSON.stringify(body))
