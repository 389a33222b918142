import { expect } from 'vitest'
import type { Api, ApiAnswer } from '../support/api.ts'

/** A job as the operator sees it. */
export type Job = {
  readonly id: string
  readonly state: string
  readonly client_ids: readonly string[]
  readonly next_cursor?: string
  readonly [member: string]: unknown
}

/** The operator's requests on jobs of a service. */
export function jobsOf(api: () => Api) {
  const bearer = () => api().service.masterToken
  const call = (path: string, method = 'GET', body?: unknown) =>
    api().call(path, { method, bearer: bearer(), ...(body !== undefined && { body }) })

  async function job(answer: Promise<ApiAnswer>, status = 200): Promise<Job> {
    const { status: seen, body } = await answer
    expect([seen, body.error_description]).toEqual([status, undefined])
    return body as unknown as Job
  }

  const jobs = {
    create: (body: object) => job(call('/clients/disable', 'POST', body), 201),
    act: (id: string, action: string, more: object = {}) =>
      job(call(`/disable-jobs/${id}`, 'POST', { action, ...more })),
    get: (id: string) => job(call(`/disable-jobs/${id}?limit=100`)),

    /** Continues until nothing is left to do; resolves to the job, and the clients of all slices. */
    async finish(begun: Job, limit = 1000) {
      const client_ids = [...begun.client_ids]
      let current = begun
      while (current.state === 'running' || current.state === 'undoing') {
        current = await jobs.act(current.id, 'continue', { limit })
        client_ids.push(...current.client_ids)
      }
      return { job: current, client_ids }
    },

    /** All clients that a job says it disabled. */
    async listed(id: string, limit = 100): Promise<readonly string[]> {
      const client_ids: string[] = []
      let cursor = ''
      do {
        const page = await job(call(`/disable-jobs/${id}?limit=${limit}${cursor}`))
        expect(page.client_ids.length).toBeLessThanOrEqual(limit)
        client_ids.push(...page.client_ids)
        cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`
      } while (cursor !== '')
      return client_ids
    },

    /** Every client of the service, by its identifier. */
    async clients() {
      const found = new Map<string, Readonly<Record<string, unknown>>>()
      let cursor = ''
      do {
        const { status, body } = await call(`/clients?limit=100${cursor}`)
        expect(status).toBe(200)
        for (const client of body.clients as { client_id: string }[])
          found.set(client.client_id, client)
        cursor = body.next_cursor === undefined ? '' : `&cursor=${body.next_cursor}`
      } while (cursor !== '')
      return found
    },

    async disabled(): Promise<readonly string[]> {
      const all = [...(await jobs.clients()).values()]
      return all
        .filter(({ disabled }) => disabled)
        .map(({ client_id }) => String(client_id))
        .sort()
    },

    change: async (client_id: string, body: object) => {
      expect((await call(`/clients/${client_id}`, 'PATCH', body)).status).toBe(200)
    },

    async register(body: object, by = bearer()): Promise<string> {
      const answer = await api().call('/register', { method: 'POST', bearer: by, body })
      expect([answer.status, answer.body.error_description]).toEqual([201, undefined])
      return String(answer.body.client_id)
    },
    call,
  }
  return jobs
}

/** The metadata of a client with this redirect URI. */
export const redirecting = (uri: string, more: object = {}) => ({ redirect_uris: [uri], ...more })
