import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { listen } from '../support/loopback.ts'

/** Runs the command as `client-registration verify-aws` does. */
async function verify(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const child = spawn(
    process.execPath,
    ['cdk/commands/client-registration.ts', 'verify-aws', ...words],
    {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, output, errors }
}

/** What was seen for each question, in their order. */
const seenIn = (output: string) =>
  output
    .trim()
    .split('\n\n')
    .map((block) =>
      block
        .split('\n')
        .slice(2)
        .map((line) => line.trim())
        .join(' → '),
    )

describe('client-registration verify-aws, against the synthesized service', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ settings: { cors: { origins: ['https://app.example'] } } })
  })
  afterAll(() => api.service.close())

  test('prints what was seen for each question, and leaves no client behind', async () => {
    const { masterToken: MASTER_TOKEN, url } = api.service
    const { code, output, errors } = await verify([`${url}/`], { MASTER_TOKEN })
    expect(errors).toBe('')
    expect(seenIn(output)).toEqual([
      expect.stringMatching(/401, www-authenticate: Bearer .* → as expected/),
      expect.stringMatching(/204, access-control-allow-methods: .*POST.* → as expected/),
      expect.stringMatching(/413 application\/json .* → as expected/),
      expect.stringMatching(/431 .* → as expected/),
      expect.stringMatching(/--burst.* → not asked/),
      expect.stringMatching(/201, and 204 to its deletion → as expected/),
      expect.stringMatching(/does not go through CloudFront → not asked/),
    ])
    expect(code).toBe(0)
    expect(output).not.toContain(MASTER_TOKEN)
    const { body } = await api.call('/clients', { bearer: MASTER_TOKEN })
    expect(body).toMatchObject({ clients: [] })
  })

  test.each([
    ['without', {}],
    ['with an empty', { MASTER_TOKEN: '' }],
  ])('asks nothing that writes %s master token', async (_, environment) => {
    const { code, output } = await verify([api.service.url], environment)
    expect(seenIn(output)[5]).toMatch(/set MASTER_TOKEN.* → not asked/)
    expect(code).toBe(0)
  })

  test('says in one line that a master token is wrong', async () => {
    const { code, errors } = await verify([api.service.url], { MASTER_TOKEN: 'wrong' })
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^error: MASTER_TOKEN is rejected: 401/),
    ])
  })
})

describe('client-registration verify-aws, against an AWS that behaves differently', () => {
  async function serve(listener: RequestListener): Promise<string> {
    const { port, close } = await listen(createServer(listener))
    onTestFinished(close)
    return `http://127.0.0.1:${port}`
  }

  test('says where it differs, and ends with 1', async () => {
    let discoveries = 0
    const url = await serve((request, response) => {
      request.resume()
      const { host } = request.headers
      response.setHeader('x-amz-cf-id', 'a')
      if (request.url?.startsWith('/.well-known/')) {
        discoveries += 1
        if (discoveries > 5) response.writeHead(429).end('{"message":null}')
        else response.end(JSON.stringify({ registration_endpoint: `https://${host}/register` }))
      } else if (request.url?.startsWith('/no-such-path')) {
        response.writeHead(404, { 'x-cache': 'Hit from cloudfront', age: '3' }).end()
      } else {
        response.writeHead(401, { 'x-amzn-remapped-www-authenticate': 'Bearer' }).end()
      }
    })
    const { code, output } = await verify([url, '--burst', '10'])
    expect(seenIn(output)).toEqual(
      [
        '401, x-amzn-remapped-www-authenticate: Bearer → differs',
        '401, access-control-allow-methods: nothing → differs',
        expect.stringMatching(/401 .* → differs/),
        expect.stringMatching(/200 .* → differs/),
        expect.stringMatching(/of 10: 429 .*\{"message":null\} → as expected/),
        expect.stringMatching(/→ not asked/),
        'x-cache: Hit from cloudfront, age: 3 → differs',
      ].map((line) => (typeof line === 'string' ? `seen      ${line}` : line)),
    )
    expect(code).toBe(1)
  })

  test.each([
    [['--help'], 0, /MASTER_TOKEN/],
    [[], 1, /missing required argument 'url'/],
    [['nonsense'], 1, /error: nonsense: expected a URL/],
    [['ftp://a.example'], 1, /expected an http or https URL/],
    [['http://127.0.0.1:1'], 1, /error: http:\/\/127.0.0.1:1 does not answer: .*ECONNREFUSED/],
    [['https://a.example', '--burst', 'many'], 1, /expected a whole number/],
  ] as const)('%j ends with %i and a sentence', async (words, expected, sentence) => {
    const { code, output, errors } = await verify(words)
    expect([code, output + errors]).toEqual([expected, expect.stringMatching(sentence)])
    expect(errors).not.toMatch(/\n\s+at /)
  })

  test('says that another server is not this service', async () => {
    const url = await serve((_request, response) => response.end('<html>'))
    const { code, errors } = await verify([url])
    expect([code, errors]).toEqual([1, expect.stringContaining("is this the stack's output Url")])
  })
})
