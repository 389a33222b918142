import { type HttpClient, httpClient } from './http-client.ts'
import type { Side } from './sides.ts'

export const operations = ['register', 'read', 'update'] as const
export type Operation = (typeof operations)[number]

export const ordinary = {
  client_name: 'An ordinary client',
  redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile',
}

export type Registered = {
  readonly client_id: string
  readonly client_secret: string
  readonly registration_access_token: string
}

/** What one connection does: each call is one request, on a client of its own. */
export async function connection(side: Side, client: HttpClient) {
  const path = side.registrationPath
  const registration = { method: 'POST', path, bearer: side.token, body: ordinary } as const
  let registered: Registered = await expectJson(client, registration, 201)
  return { register, read: () => manage('GET'), update: () => manage('PUT') }

  async function register() {
    registered = await expectJson(client, registration, 201)
  }

  async function manage(method: 'GET' | 'PUT') {
    const { client_id, client_secret, registration_access_token: bearer } = registered
    const body = { ...ordinary, client_id, client_secret }
    const request = { method, path: `${path}/${client_id}`, bearer }
    registered = await expectJson(client, method === 'PUT' ? { ...request, body } : request, 200)
  }
}

export async function expectJson(
  client: HttpClient,
  request: Parameters<HttpClient['send']>[0],
  expected: number,
) {
  const { status, body } = await client.send(request)
  if (status === expected) return JSON.parse(body)
  throw new Error(`${request.method} ${request.path}: ${status} ${body}`)
}

/**
 * Sends one kind of request over all connections at once, for a time. Resolves to the requests per
 * second of each slice.
 */
export async function load(side: Side, operation: Operation, options: LoadOptions) {
  const { connections, seconds, sliceSeconds = seconds } = options
  const client = httpClient(side.url, connections)
  const counts = Array<number>(Math.ceil(seconds / sliceSeconds)).fill(0)
  try {
    const all = await Promise.all(
      Array.from({ length: connections }, () => connection(side, client)),
    )
    const begin = performance.now()
    const elapsed = () => (performance.now() - begin) / 1000
    await Promise.all(
      all.map(async (one) => {
        while (elapsed() < seconds) {
          await one[operation]()
          const slice = Math.floor(elapsed() / sliceSeconds)
          if (slice < counts.length) counts[slice] = (counts[slice] ?? 0) + 1
        }
      }),
    )
  } finally {
    client.close()
  }
  return counts.map((count) => count / sliceSeconds)
}

type LoadOptions = {
  readonly connections: number
  readonly seconds: number
  readonly sliceSeconds?: number
}
