import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.service.close())

const ask = (method: string) => fetch(`${api.service.url}/applications`, { method })

describe('GET /', () => {
  test('leads a browser to the page', async () => {
    const answer = await fetch(api.service.url, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('applications')
    const followed = await fetch(api.service.url)
    expect(followed.url).toBe(`${api.service.url}/applications`)
    expect(followed.headers.get('content-type')).toContain('text/html')
  })
})

describe('GET /applications', () => {
  test('is one HTML document that nobody keeps, frames or names as a referrer', async () => {
    const answer = await ask('GET')
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8,}/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('allows its own style and script by their digests, and its own origin, nothing else', async () => {
    const answer = await ask('GET')
    const html = await answer.text()
    const digestOf = (tag: string) => {
      const [, text = '', ...more] = html.split(new RegExp(`<${tag}[^>]*>|</${tag}>`))
      expect(more).toHaveLength(1)
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    }
    expect(answer.headers.get('content-security-policy')?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${digestOf('script')}`,
      `style-src ${digestOf('style')}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ])
    expect(html).not.toMatch(/\s(style|on\w+)=/)
    expect(html).not.toMatch(/(src|href)="(?!#)/)
  })

  test('says which features the settings have, and nothing else of them', async () => {
    const featuresOf = (html: string) =>
      /<meta name="features" content="([^"]*)" \/>/.exec(html)?.[1]
    expect(featuresOf(await (await ask('GET')).text())).toBe('')
    const other = await startApi({
      settings: {
        approval: 'draft',
        cleanUp: { mode: 'on' },
        findClientsBy: { name: true, redirectHost: true },
      },
    })
    const html = await (await fetch(`${other.service.url}/applications`)).text()
    await other.service.close()
    expect(featuresOf(html)).toBe('name_prefix redirect_host clean_up clean_up_acts approval')
    expect(html.replace(/<meta name="features"[^>]*>/, '')).toBe(
      (await (await ask('GET')).text()).replace(/<meta name="features"[^>]*>/, ''),
    )
  })

  test('HEAD is answered as GET, without the document', async () => {
    const [head, get] = [await ask('HEAD'), await ask('GET')]
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    for (const name of ['content-type', 'content-length', 'content-security-policy'])
      expect(head.headers.get(name)).toBe(get.headers.get(name))
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    '%s is rejected with those that exist',
    async (method) => {
      const answer = await ask(method)
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
    },
  )
})
