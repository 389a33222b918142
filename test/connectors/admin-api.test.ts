import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { sendAdminRequest } from '../../functions/connectors/admin-api.ts'
import { type Loopback, listen } from '../support/loopback.ts'

let server: Loopback | undefined
afterEach(() => server?.close())

async function serve(respond: RequestListener): Promise<string> {
  server = await listen(createServer(respond))
  return `http://127.0.0.1:${server.port}/admin?secret=in-the-url`
}

const secret = 'a-secret-in-the-body-0123456789'

describe('a request to an administration API', () => {
  test('sends JSON or a form, and parses the response', async () => {
    const seen: string[] = []
    const url = await serve(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      seen.push(`${request.method} ${request.headers['content-type']} ${body}`)
      response.end('{"a":1}')
    })
    const json = await sendAdminRequest({ method: 'POST', url, body: { ü: 1 } })
    expect(json).toMatchObject({ status: 200, body: { a: 1 } })
    await sendAdminRequest({ method: 'PUT', url, body: new URLSearchParams({ a: 'ü' }) })
    await sendAdminRequest({ method: 'GET', url })
    expect(seen).toEqual([
      'POST application/json {"ü":1}',
      'PUT application/x-www-form-urlencoded a=%C3%BC',
      'GET undefined ',
    ])
  })

  test.each<[string, RequestListener, RegExp]>([
    ['a server that is silent', () => {}, /^POST to 127\.0\.0\.1:\d+: no response within 2500 ms$/],
    [
      'a response that is too large',
      (_, response) => response.end('x'.repeat(9_000_000)),
      /^POST to 127\.0\.0\.1:\d+: more than 8388608 bytes$/,
    ],
    [
      'a connection that ends',
      (_, response) => response.destroy(),
      /^POST to 127\.0\.0\.1:\d+: ECONNRESET$/,
    ],
  ])('%s is an error, and no redirect is followed', async (_, respond, message) => {
    const url = await serve(respond)
    const sent = sendAdminRequest({ method: 'POST', url, body: { secret } })
    await expect(sent).rejects.toThrow(message)

    await server?.close()
    let requests = 0
    const redirecting = await serve((_request, response) => {
      requests += 1
      response.writeHead(307, { location: '/elsewhere' }).end(`not JSON: ${secret}`)
    })
    const redirected = await sendAdminRequest({
      method: 'POST',
      url: redirecting,
      body: { secret },
    })
    expect(redirected).toMatchObject({ status: 307, body: undefined })
    expect(requests).toBe(1)
  })

  test('ends with its signal', async () => {
    const url = await serve(() => {})
    const signal = AbortSignal.timeout(50)
    await expect(sendAdminRequest({ method: 'GET', url, signal })).rejects.toThrow(/^GET to 127/)
  })
})
