import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Integration, serveHttpApi } from '../../cdk/local/http-api.ts'
import { lambdaFunction } from '../../cdk/local/lambda-function.ts'
import { type RawRequest, send } from './http-request.ts'

/** Answers with what it was given, or with what the path says. */
const source = `
let events = 0
export const handler = async (event, context) => {
  events += 1
  const [, kind, value] = event.rawPath.split('/')
  if (kind === 'answer') return JSON.parse(event.headers['x-answer'] ?? 'null')
  if (kind === 'throw') throw new Error('on purpose')
  if (kind === 'large') return { statusCode: 200, body: 'a'.repeat(Number(value)) }
  if (kind === 'hang') return new Promise((resolve) => setTimeout(resolve, 60_000))
  if (kind === 'exit') process.exit(3)
  const left = context.getRemainingTimeInMillis()
  return { statusCode: 200, body: JSON.stringify({ event, env: process.env, left, events }) }
}`

const directory = mkdtempSync(join(tmpdir(), 'http front '))
const lines: string[] = []
const lambda = lambdaFunction({
  file: join(directory, 'index.mjs'),
  handler: 'handler',
  functionName: 'echo',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
  memorySize: 128,
  timeout: 1_000,
  environment: { ONLY: 'this', NODE_OPTIONS: '--enable-source-maps' },
  log: (line) => lines.push(line),
})
const routes = new Map<string, Integration>(
  ['ANY /things', 'GET /things/{id}', 'ANY /things/{id}', 'ANY /things/own', '$default'].map(
    (routeKey) => [routeKey, lambda.invoke],
  ),
)
const ids = { port: 0, apiId: 'local', accountId: '000000000000' }
let front: Awaited<ReturnType<typeof serveHttpApi>>
let strict: typeof front
let open: typeof front
const cors = {
  AllowOrigins: ['*'],
  AllowMethods: ['GET', 'PUT'],
  AllowHeaders: ['authorization', '*'],
  MaxAge: 60,
}

beforeAll(async () => {
  writeFileSync(join(directory, 'index.mjs'), source)
  front = await serveHttpApi({ ...ids, routes })
  const only = new Map([['GET /only', lambda.invoke]])
  strict = await serveHttpApi({ ...ids, routes: only, cors: Promise.resolve(undefined) })
  const asked = new Map([...only, ['ANY /any', lambda.invoke]])
  open = await serveHttpApi({ ...ids, routes: asked, cors: Promise.resolve(cors) })
})

afterAll(async () => {
  await Promise.all([front.close(), strict.close(), open.close(), lambda.stop()])
  rmSync(directory, { recursive: true })
})

const ask = (request: RawRequest) => send(front.url, request)
const echo = async (request: RawRequest) => JSON.parse((await ask(request)).text)
const eventOf = async (request: RawRequest) => (await echo(request)).event
const answerTo = (answer: unknown) =>
  ask({ path: '/answer', headers: ['x-answer', JSON.stringify(answer)] })

describe('payload format 2.0: the event', () => {
  test('header names are in lower case, duplicates are joined by a comma', async () => {
    const headers = ['X-One', 'a', 'x-one', 'b', 'Authorization', 'Bearer x']
    const event = await eventOf({ path: '/things', headers })
    expect(event.headers).toMatchObject({ 'x-one': 'a,b', authorization: 'Bearer x' })
    expect(event.headers).toMatchObject({ host: 'api.example', 'content-length': '0' })
  })

  test('cookies are a list and no header', async () => {
    const event = await eventOf({ headers: ['Cookie', 'a=1; b=2', 'Cookie', 'c=3'] })
    expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3'])
    expect(event.headers).not.toHaveProperty('cookie')
  })

  test('the query is there untouched and decoded, several values joined', async () => {
    const event = await eventOf({ path: '/things?a=1&a=%32&b=x+y&c' })
    expect(event.rawQueryString).toBe('a=1&a=%32&b=x+y&c')
    expect(event.queryStringParameters).toEqual({ a: '1,2', b: 'x y', c: '' })
  })

  test('what is absent has no key', async () => {
    const event = await eventOf({ path: '/things' })
    for (const key of ['body', 'pathParameters', 'queryStringParameters', 'cookies']) {
      expect(event).not.toHaveProperty(key)
    }
    expect(event.isBase64Encoded).toBe(false)
  })

  test('forwarding headers are added', async () => {
    const { headers } = await eventOf({ headers: ['x-forwarded-for', '203.0.113.9'] })
    expect(headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1')
    expect(headers['x-forwarded-proto']).toBe('http')
    expect(headers['x-forwarded-port']).toBe(new URL(front.url).port)
    expect(headers['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  })

  test.each([
    ['application/json', '{"a":"é"}', false],
    ['text/plain; charset=utf-8', 'é', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'é', true],
  ])(
    'a body of %s is text or base64, as API Gateway delivers it',
    async (type, body, isBase64Encoded) => {
      const event = await eventOf({ method: 'POST', headers: ['content-type', type], body })
      expect(event.isBase64Encoded).toBe(isBase64Encoded)
      expect(event.body).toBe(isBase64Encoded ? Buffer.from(body).toString('base64') : body)
    },
  )

  test('the request context names the request', async () => {
    const before = Date.now()
    const { requestContext } = await eventOf({ path: '/things/a', headers: ['user-agent', 'me'] })
    expect(requestContext).toMatchObject({
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method: 'GET', path: '/things/a', protocol: 'HTTP/1.1', userAgent: 'me' },
      routeKey: 'GET /things/{id}',
      stage: '$default',
    })
    expect(requestContext.http.sourceIp).toBe('127.0.0.1')
    expect(requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
    expect(requestContext.timeEpoch).toBeGreaterThanOrEqual(before)
  })
})

describe('routes', () => {
  test.each([
    ['GET', '/things', 'ANY /things'],
    ['HEAD', '/things', 'ANY /things'],
    ['OPTIONS', '/things/own', 'ANY /things/own'],
    ['GET', '/things/a', 'GET /things/{id}'],
    ['PUT', '/things/a', 'ANY /things/{id}'],
    ['GET', '/things/', '$default'],
    ['GET', '/things/a/b', '$default'],
    ['GET', '/things/a%2Fb', 'GET /things/{id}'],
  ])('%s %s is routed to %s', async (method, path, routeKey) => {
    // The answer to HEAD has no body to look into.
    if (method === 'HEAD') expect((await ask({ method, path })).status).toBe(200)
    else expect((await eventOf({ method, path })).routeKey).toBe(routeKey)
  })

  test('segments are matched raw and delivered decoded', async () => {
    const event = await eventOf({ path: '/things/a%2Fb%20c' })
    expect(event.rawPath).toBe('/things/a/b c')
    expect(event.pathParameters).toEqual({ id: 'a/b c' })
  })

  test('without $default an unmatched route is a 404', async () => {
    expect(await send(strict.url, { path: '/other' })).toMatchObject({
      status: 404,
      text: '{"message":"Not Found"}',
    })
    expect((await send(strict.url, { path: '/only', method: 'POST' })).status).toBe(404)
  })

  test('bad percent-encoding is a 400', async () => {
    expect(await ask({ path: '/things/%zz' })).toMatchObject({
      status: 400,
      text: '{"message":"Bad Request"}',
    })
  })
})

describe('CORS (Fetch §3.3)', () => {
  const headers = ['origin', 'https://app.example', 'access-control-request-method', 'PUT']
  const allowed = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET,PUT',
    'access-control-allow-headers': 'authorization,*',
    'access-control-max-age': '60',
  }

  test('a route that takes OPTIONS takes the preflight, and the headers are added', async () => {
    const answer = await send(open.url, { method: 'OPTIONS', path: '/any', headers })
    expect(JSON.parse(answer.text).event).toMatchObject({ routeKey: 'ANY /any' })
    expect(answer.headers).toMatchObject(allowed)
  })

  test('a preflight that no route takes is answered by the gateway', async () => {
    const answer = await send(open.url, { method: 'OPTIONS', path: '/only', headers })
    expect(answer).toMatchObject({ status: 204, text: '', headers: allowed })
    const strictly = await send(strict.url, { method: 'OPTIONS', path: '/only', headers })
    expect(strictly).toMatchObject({ status: 404 })
  })

  test('an OPTIONS request that is no preflight needs a route', async () => {
    const answer = await send(open.url, { method: 'OPTIONS', path: '/only' })
    expect(answer).toMatchObject({ status: 404 })
  })
})

describe('payload format 2.0: the answer', () => {
  test('status, headers and several cookies are sent', async () => {
    const { status, headers } = await answerTo({
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Bearer', Connection: 'close', 'X-Number': 1 },
      cookies: ['a=1', 'b=2'],
    })
    expect(status).toBe(401)
    expect(headers).toMatchObject({ 'www-authenticate': 'Bearer', 'x-number': '1' })
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(headers['apigw-requestid']).toMatch(/^[\w+/]{15}=$/)
  })

  test('a base64 body is sent as bytes', async () => {
    const answer = { statusCode: 200, body: 'w6k=', isBase64Encoded: true }
    expect((await answerTo(answer)).text).toBe('é')
  })

  test('an object without a status code is a 200 with JSON', async () => {
    const { status, headers, text } = await answerTo({ hello: 1 })
    expect({ status, text }).toEqual({ status: 200, text: '{"hello":1}' })
    expect(headers['content-type']).toBe('application/json')
  })

  test.each([
    ['a status code that is none', { statusCode: 'x' }],
    ['a body that is no text', { statusCode: 200, body: {} }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
  ])('%s is a 500', async (_, answer) => {
    expect(await answerTo(answer)).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    })
  })
})

describe('limits', () => {
  test('a request line and headers of more than 10,240 bytes are a 431', async () => {
    const message = '{"message":"Request Header Fields Too Large"}'
    for (const size of [10_240, 100_000]) {
      const answer = await ask({ headers: ['x-long', 'a'.repeat(size)] })
      expect(answer).toMatchObject({ status: 431, text: message })
    }
    expect((await ask({ headers: ['x-long', 'a'.repeat(10_000)] })).status).toBe(200)
  })

  test('a body of more than 10 MB is a 413, announced or not', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1)
    const rejected = { status: 413, text: '{"message":"Request Entity Too Large"}' }
    expect(await ask({ method: 'POST', body })).toMatchObject(rejected)
    const unannounced = await fetch(front.url, {
      method: 'POST',
      body: new Blob([body]).stream(),
      duplex: 'half',
    })
    expect(unannounced.status).toBe(413)
  })

  test('an answer of more than 6 MB is a 500', async () => {
    expect((await ask({ path: '/large/5000000' })).status).toBe(200)
    expect((await ask({ path: '/large/6300000' })).status).toBe(500)
  })
})

describe('instances', () => {
  test.each(['throw', 'hang', 'exit'])('a handler that does this is a 500: %s', async (kind) => {
    expect(await ask({ path: `/${kind}` })).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    })
    expect((await ask({ path: '/things' })).status).toBe(200)
  })

  test('what a handler threw is logged', () => {
    expect(lines.join('\n')).toContain('on purpose')
    expect(lines.join('\n')).toContain('Task timed out')
  })

  test('a Lambda sees its own environment only', async () => {
    const { env, left } = await echo({})
    expect(env).toEqual({ ONLY: 'this', NODE_OPTIONS: '--enable-source-maps' })
    expect(left).toBeGreaterThan(0)
  })

  test('many requests at once are all answered, by a few instances that are used again', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => echo({ path: '/things' })))
    expect(Math.max(...answers.map(({ events }) => events))).toBeGreaterThan(5)
  })
})
