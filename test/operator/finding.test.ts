import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ settings: { findClientsBy: { name: true, redirectHost: true } } })
})
afterAll(() => api?.service.close())

const register = (client_name: string, ...redirect_uris: readonly string[]) =>
  api.register({ client_name, redirect_uris })

type Page = { readonly clients: readonly { readonly client_id: string }[]; next_cursor?: string }

/** The ids of each page that the operator finds. */
async function find(query: Readonly<Record<string, string>>) {
  const found: string[][] = []
  let cursor: string | undefined
  do {
    const parameters = new URLSearchParams({ ...query, ...(cursor !== undefined && { cursor }) })
    const { status, body } = await api.call(`/clients?${parameters}`, {
      bearer: api.service.masterToken,
    })
    expect(status).toBe(200)
    const page = body as unknown as Page
    found.push(page.clients.map(({ client_id }) => client_id))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return found
}

describe('the operator over HTTP', () => {
  test('finds clients by the beginning of their name, in the order of names, page by page', async () => {
    const ids = new Map<string, string>()
    for (const name of ['Zebra notes', 'zebra "b"', 'ZEBRA c#1', 'Žebra', 'Zebra ✓'])
      ids.set(name, (await register(name, 'https://client.example/callback')).client_id)
    const found = await find({ name_prefix: 'Zebra', limit: '2' })
    const names = ['zebra "b"', 'ZEBRA c#1', 'Zebra notes', 'Zebra ✓']
    expect(found).toEqual([
      names.slice(0, 2).map((name) => ids.get(name)),
      names.slice(2).map((name) => ids.get(name)),
    ])
    expect(await find({ name_prefix: 'žeb' })).toEqual([[ids.get('Žebra')]])
  })

  test('finds clients by the host of any of their redirect URIs', async () => {
    const one = await register('One', 'https://host.example/callback')
    const two = await register('Two', 'https://other.example/', 'https://host.example/callback')
    await register('Three', 'https://other.example/', 'https://third.example/')
    const found = (await find({ redirect_host: 'HOST.example' })).flat()
    expect(found.sort()).toEqual([one.client_id, two.client_id].sort())
  })

  test('finds a client by what it is after its update, and not once it is deleted', async () => {
    const { client_id, path, token } = await register('Before', 'https://before.example/')
    const body = { client_id, client_name: 'After', redirect_uris: ['https://after.example/'] }
    const update = await api.call(path, { method: 'PUT', bearer: token, body })
    expect(update.status).toBe(200)
    for (const query of [{ name_prefix: 'before' }, { redirect_host: 'before.example' }])
      expect(await find(query)).toEqual([[]])
    for (const query of [{ name_prefix: 'after' }, { redirect_host: 'after.example' }])
      expect(await find(query)).toEqual([[client_id]])
    const bearer = String(update.body.registration_access_token)
    expect((await api.call(path, { method: 'DELETE', bearer })).status).toBe(204)
    for (const query of [{ name_prefix: 'after' }, { redirect_host: 'after.example' }])
      expect(await find(query)).toEqual([[]])
  })

  test('gets an answer that says what to change where a filter is not valid', async () => {
    const bearer = api.service.masterToken
    for (const [query, description] of [
      ['name_prefix=', 'name_prefix: expected 1 to 255 characters'],
      ['redirect_host=https://a.example/', 'redirect_host: expected a host without scheme, port'],
      ['name_prefix=a&redirect_host=b', 'expected at most one of'],
    ]) {
      const { status, body } = await api.call(`/clients?${query}`, { bearer })
      expect([status, body.error]).toEqual([400, 'invalid_request'])
      expect(body.error_description).toContain(description)
    }
  })
})
