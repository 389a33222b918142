import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { banner } from '../../cdk/local/banner.ts'
import { type Api, startApi } from '../support/api.ts'
import { day } from './story.ts'

const run = promisify(execFile)
const metadata = { redirect_uris: ['https://client.example/callback'] }

describe('a service on this machine with clean-up', () => {
  let api: Api
  let line: string
  beforeAll(async () => {
    api = await startApi({ settings: { registration: 'dynamic', cleanUp: { mode: 'on' } } })
    line = /curl .*days=1"/.exec(banner(api.service, 'settings.json', 0, 'linux'))?.[0] ?? ''
  })
  afterAll(() => api.service.close())

  const ask = (path: string, method = 'GET', body?: unknown) =>
    api.call(path, { method, bearer: api.service.masterToken, body })
  const night = async (days: string) => {
    const pasted = line.replace('days=1', `days=${days}`)
    return JSON.parse((await run('bash', ['-c', pasted])).stdout)
  }
  const idsIn = async (state: string) => {
    const { body } = await ask(`/clients?state=${state}`)
    return (body.clients as { client_id: string }[]).map(({ client_id }) => client_id)
  }

  test('lets days pass and runs a night, by the line that npm start prints', async () => {
    const { body } = await api.call('/register', { method: 'POST', body: metadata })
    const tonight = await night('0')
    expect(tonight.results).toMatchObject([{ due: 0, stale: 0, finished: true }])
    const later = await night('31')
    expect(later.results).toMatchObject([{ due: 1, stale: 0, reports_missing: true }])
    const passed = Date.parse(later.time) - Date.parse(tonight.time)
    expect(Math.floor(passed / 1000 / day)).toBe(31)
    expect(await idsIn('due')).toEqual([body.client_id])
    expect((await ask('/clients/used', 'POST', { clients: [] })).status).toBe(200)
    expect((await night('0')).results).toMatchObject([{ stale: 1, reports_missing: false }])
    expect(await idsIn('stale')).toEqual([body.client_id])
  })

  test.each(['-1', '1.5', '3651', 'x'])('rejects days=%s', async (days) => {
    expect(await night(days)).toEqual({ message: 'days: expected 0 to 3650' })
  })

  test('runs no night for a GET request, or for one without the secret path', async () => {
    const url = api.service.scheduleEndpoint ?? ''
    expect((await fetch(url)).status).toBe(405)
    expect((await fetch(new URL('/', url), { method: 'POST' })).status).toBe(403)
  })
})
