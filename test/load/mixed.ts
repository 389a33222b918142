import type { HttpClient } from './http-client.ts'
import { expectJson, ordinary, type Registered } from './operations.ts'
import type { Side } from './sides.ts'

/** What the server has acknowledged: the clients that exist, with their latest tokens, and counts. */
export type Acknowledged = {
  readonly clients: Map<string, Registered>
  readonly counts: { register: number; read: number; update: number; delete: number }
}

/** Most clients of one connection. The oldest is deleted then, so that the load is the same all the time. */
const maxClients = 50

/**
 * One connection with mixed load until a time: three reads and two updates for each registration
 * and each deletion.
 */
export async function mixedLoad(
  side: Side,
  client: HttpClient,
  { clients, counts }: Acknowledged,
  isOver: () => boolean,
): Promise<void> {
  const { registrationPath: path } = side
  const own: string[] = []
  while (!isOver()) {
    await register()
    for (const change of [read, update, read, update, read])
      if (!isOver()) await change(own[Math.floor(Math.random() * own.length)] ?? '')
    if (own.length > maxClients) await remove(own.shift() ?? '')
  }

  async function register() {
    const request = { method: 'POST', path, bearer: side.token, body: ordinary } as const
    const registered: Registered = await expectJson(client, request, 201)
    clients.set(registered.client_id, registered)
    own.push(registered.client_id)
    counts.register += 1
  }

  async function read(client_id: string) {
    clients.set(client_id, await readClient(side, client, known(client_id)))
    counts.read += 1
  }

  async function update(client_id: string) {
    const { client_secret, registration_access_token: bearer } = known(client_id)
    const body = { ...ordinary, client_id, client_secret }
    const request = { method: 'PUT', path: `${path}/${client_id}`, bearer, body } as const
    clients.set(client_id, await expectJson(client, request, 200))
    counts.update += 1
  }

  async function remove(client_id: string) {
    const { registration_access_token: bearer } = known(client_id)
    const request = { method: 'DELETE', path: `${path}/${client_id}`, bearer } as const
    const { status, body } = await client.send(request)
    if (status !== 204) throw new Error(`DELETE ${client_id}: ${status} ${body}`)
    clients.delete(client_id)
    counts.delete += 1
  }

  function known(client_id: string): Registered {
    const registered = clients.get(client_id)
    if (registered === undefined) throw new Error(`no client ${client_id}`)
    return registered
  }
}

export function readClient(side: Side, client: HttpClient, registered: Registered) {
  const { client_id, registration_access_token: bearer } = registered
  const path = `${side.registrationPath}/${client_id}`
  return expectJson(client, { method: 'GET', path, bearer }, 200) as Promise<Registered>
}
