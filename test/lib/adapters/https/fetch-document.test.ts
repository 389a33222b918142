import type { LookupAddress } from 'node:dns'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { afterEach, describe, expect, test } from 'vitest'
import { createJsonFetcher } from '../../../../lib/adapters/https/fetch-document.ts'
import type { Resolve } from '../../../../lib/adapters/https/public-lookup.ts'
import { listen } from '../../../support/loopback.ts'
import { selfSigned } from './self-signed.ts'

const host = 'client.example'
const { key, cert } = selfSigned(host)
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()))
})

/** A server of the client's, on loopback; resolves to its URL and the number of connections it had. */
async function serve(respond: RequestListener) {
  const seen = { connections: 0, requests: 0, headers: {} as Record<string, unknown> }
  const server = createServer({ key, cert }, (request, response) => {
    seen.requests += 1
    seen.headers = request.headers
    respond(request, response)
  })
  server.on('connection', () => {
    seen.connections += 1
  })
  const { port, close } = await listen(server)
  ends.push(close)
  ports.push(port)
  return { url: `https://${host}:${port}/document`, port, seen }
}

const json =
  (body: string, type = 'application/json'): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-type': type })
    response.end(body)
  }

const answers = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
const resolve: Resolve = async () => answers('127.0.0.1')

/** The ports of the tests' servers, which may be asked. */
const ports: number[] = [443]

/** A reader that takes the tests' loopback for a public address. */
const read = (options: Parameters<typeof createJsonFetcher>[0] = {}) =>
  createJsonFetcher({
    resolve,
    isAllowed: (address) => address === '127.0.0.1',
    ca: cert,
    ports,
    ...options,
  })

describe('a document at a URL that a client named', () => {
  test('is read as JSON, without credentials', async () => {
    const { url, seen } = await serve(json('["https://client.example/cb"]'))
    await expect(read()(url)).resolves.toEqual(['https://client.example/cb'])
    expect(Object.keys(seen.headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
    ])
  })

  test.each(['application/jwk-set+json', 'application/json; charset=utf-8'])(
    'may be %s',
    async (type) => {
      const { url } = await serve(json('{}', type))
      await expect(read()(url)).resolves.toEqual({})
    },
  )

  test.each([
    ['HTML', json('{}', 'text/html'), /content type/],
    ['no JSON', json('{'), /JSON/],
    [
      'not UTF-8',
      ((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(Buffer.from([0x22, 0xff, 0x22]))
      }) as RequestListener,
      /not JSON in UTF-8/,
    ],
    ['more than 64 KB', json(JSON.stringify('x'.repeat(65_536))), /more than 65536 bytes/],
    [
      'compressed',
      ((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        response.end('{}')
      }) as RequestListener,
      /encoding/,
    ],
    [
      'not found',
      ((_, response) => {
        response.writeHead(404, { 'content-type': 'application/json' })
        response.end('{}')
      }) as RequestListener,
      /status 404/,
    ],
    [
      'cut off',
      ((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
        response.write('{')
        response.destroy()
      }) as RequestListener,
      /aborted|hang up/,
    ],
  ])('that is %s is rejected', async (_, respond, problem) => {
    const { url } = await serve(respond)
    await expect(read()(url)).rejects.toThrow(problem)
  })

  test('is not looked for where a redirect leads', async () => {
    const target = await serve(json('{}'))
    const { url } = await serve((_, response) => {
      response.writeHead(302, { location: target.url })
      response.end()
    })
    await expect(read()(url)).rejects.toThrow('status 302')
    expect(target.seen.connections).toBe(0)
  })

  test.each([
    ['never answers', () => {}],
    [
      'never ends',
      ((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('[')
      }) as RequestListener,
    ],
  ])('on a server that %s is abandoned', async (_, respond) => {
    const { url } = await serve(respond)
    await expect(read({ timeout: 200 })(url)).rejects.toThrow(/abort|timeout/i)
  })

  test('whose name never resolves is abandoned', async () => {
    const never: Resolve = () => new Promise(() => {})
    await expect(read({ resolve: never, timeout: 100 })('https://client.example/')).rejects.toThrow(
      /abort|timeout/i,
    )
  })

  test('on a server with another certificate is rejected', async () => {
    const { url } = await serve(json('{}'))
    await expect(read({ ca: selfSigned('other.example').cert })(url)).rejects.toThrow(
      /certificate|self/i,
    )
    await expect(read()(url.replace(host, 'other.example'))).rejects.toThrow(/altnames/i)
  })

  test.each(['http://client.example/', 'https://a:b@client.example/', 'file:///etc/passwd'])(
    '%s is not fetched',
    async (url) => {
      await expect(read()(url)).rejects.toThrow('not an https URL without credentials')
    },
  )
})

describe('the port of a document', () => {
  test.each(['https://client.example:8443/', 'https://client.example:22/'])(
    '%s is not connected to unless it is allowed',
    async (url) => {
      const asked: string[] = []
      const never: Resolve = async (name) => {
        asked.push(name)
        return answers('127.0.0.1')
      }
      const reader = createJsonFetcher({ resolve: never, ca: cert })
      await expect(reader(url)).rejects.toThrow('not on port 443')
      expect(asked).toEqual([])
    },
  )

  test('is 443 where the URL says none', async () => {
    const rejected: Resolve = async () => Promise.reject(new Error('the lookup came'))
    for (const url of ['https://client.example/', 'https://client.example:443/'])
      await expect(createJsonFetcher({ resolve: rejected })(url)).rejects.toThrow('the lookup came')
  })
})

describe('a name that leads to what is not the public’s', () => {
  test.each([
    ['10.0.0.1'],
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:169.254.169.254'],
    ['fd00:ec2::254'],
    ['64:ff9b::a9fe:a9fe'],
    ['1.1.1.1', '192.168.0.1'],
    [],
  ])('is not connected to where it resolves to %s %s', async (...addresses: string[]) => {
    const { port, seen } = await serve(json('{}'))
    const reader = createJsonFetcher({
      resolve: async () => answers(...addresses),
      ca: cert,
      ports,
    })
    await expect(reader(`https://${host}:${port}/`)).rejects.toThrow('no public address')
    expect(seen.connections).toBe(0)
  })

  test.each(['127.0.0.1', '[::1]', '169.254.169.254', '[::ffff:7f00:1]', '10.0.0.1'])(
    'is not connected to as the literal %s',
    async (literal) => {
      const { port, seen } = await serve(json('{}'))
      await expect(
        createJsonFetcher({ ca: cert, ports })(`https://${literal}:${port}/`),
      ).rejects.toThrow('not a public address')
      expect(seen.connections).toBe(0)
    },
  )

  test('is resolved once per document: the address that was checked is the one connected to', async () => {
    const { url, seen } = await serve(json('{}'))
    const asked: string[] = []
    const rebinding: Resolve = async (name) => {
      asked.push(name)
      return answers(asked.length === 1 ? '127.0.0.1' : '127.0.0.2')
    }
    await expect(read({ resolve: rebinding })(url)).resolves.toEqual({})
    expect(asked).toEqual([host])
    expect(seen.connections).toBe(1)
  })

  test('is rejected the second time where it resolves privately the second time', async () => {
    const { url, seen } = await serve(json('{}'))
    let asked = 0
    const rebinding: Resolve = async () => {
      asked += 1
      return answers(asked === 1 ? '127.0.0.1' : '10.0.0.1')
    }
    const reader = read({ resolve: rebinding })
    await reader(url)
    await expect(reader(url)).rejects.toThrow('no public address')
    expect(seen.connections).toBe(1)
  })

  test('is rejected where it does not resolve', async () => {
    const missing: Resolve = async () => Promise.reject(new Error('ENOTFOUND'))
    await expect(read({ resolve: missing })('https://client.example/')).rejects.toThrow('ENOTFOUND')
  })
})
