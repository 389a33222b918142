import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ settings: { cors: { origins: ['https://app.example'] } } })
})
afterAll(() => api.service.close())

describe('Fetch §3.3 CORS protocol', () => {
  const preflight = (origin: string) =>
    api.call('/register', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })

  test('a page of an allowed origin may ask, and reads the challenge', async () => {
    const allowed = await preflight('https://app.example')
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
    const headers = { origin: 'https://app.example' }
    const answer = await api.call('/register', { method: 'POST', headers, body: {} })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(answer.headers.get('access-control-expose-headers')).toContain('www-authenticate')
  })

  test('a page of another origin may not', async () => {
    const refused = await preflight('https://evil.example')
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  })
})
