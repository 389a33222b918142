import { expect } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

export const day = 86_400
/** Noon of yesterday in UTC, in Unix seconds. */
export const noon = Math.floor(Date.now() / 1000 / day) * day - day / 2

const metadata = {
  redirect_uris: ['https://client.example/callback'],
  token_endpoint_auth_method: 'none',
}

export type Client = { readonly client_id: string; readonly token: string; readonly path: string }
type Night = Readonly<Record<string, unknown>>

/** A service whose clock the test moves, and the steps of its story. */
export async function startStory(settings: object) {
  const clock = { now: noon }
  const events: { type: string; client_id: unknown }[] = []
  const api: Api = await startApi({
    clock: () => clock.now * 1000,
    onEvent: ({ 'detail-type': type, detail }) =>
      events.push({ type, client_id: detail.client_id }),
    settings: {
      registration: 'dynamic',
      registrationAccessToken: { lifetime: 0, rotateOn: [] },
      ...settings,
    },
  })
  const bearer = api.service.masterToken

  async function register(): Promise<Client> {
    const { status, body } = await api.call('/register', { method: 'POST', body: metadata })
    expect(status).toBe(201)
    const { client_id, registration_access_token, registration_client_uri } = body
    return {
      client_id: String(client_id),
      token: String(registration_access_token),
      path: new URL(String(registration_client_uri)).pathname,
    }
  }

  async function all(query = ''): Promise<Readonly<Record<string, unknown>>[]> {
    const found: Readonly<Record<string, unknown>>[] = []
    let cursor = ''
    do {
      const page = await api.call(`/clients?limit=20${query}${cursor}`, { bearer })
      expect(page.status).toBe(200)
      found.push(...(page.body.clients as typeof found))
      const { next_cursor } = page.body
      cursor = next_cursor === undefined ? '' : `&cursor=${next_cursor}`
    } while (cursor !== '')
    return found
  }

  return {
    api,
    events,
    clock,
    all,
    register,
    close: () => api.service.close(),
    registerMany: async (count: number) => {
      const clients: Client[] = []
      for (let index = 0; index < count; index += 1) clients.push(await register())
      return clients
    },
    report: async (clients: readonly Pick<Client, 'client_id'>[]) => {
      const body = { clients: clients.map(({ client_id }) => ({ client_id, used_at: clock.now })) }
      const { status } = await api.call('/clients/used', { method: 'POST', bearer, body })
      expect(status).toBe(200)
    },
    night: async (): Promise<Night> => {
      const time = new Date(clock.now * 1000).toISOString()
      const [result] = await api.service.runSchedule({ time })
      return result as Night
    },
    show: async ({ client_id }: Pick<Client, 'client_id'>) =>
      (await api.call(`/clients/${client_id}`, { bearer })).body,
    idsIn: async (state: string) =>
      (await all(`&state=${state}`)).map(({ client_id }) => String(client_id)).sort(),
  }
}

/** Their identifiers, sorted. */
export const idsOf = (clients: readonly Client[]) =>
  clients.map(({ client_id }) => client_id).sort()
