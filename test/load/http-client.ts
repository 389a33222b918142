import { Agent, request } from 'node:http'

export type Answer = { readonly status: number; readonly body: string }

type Request = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly bearer: string
  readonly body?: object
}

/** Sends requests to a server on loopback, over at most so many connections, which stay open. */
export function httpClient(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(url)
  return {
    send: ({ method, path, bearer, body }: Request): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? '' : JSON.stringify(body)
        const headers = {
          authorization: `Bearer ${bearer}`,
          ...(text !== '' && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(text),
          }),
        }
        const sent = request({ agent, hostname, port, method, path, headers, timeout: 30_000 })
        sent.once('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in 30 s`)))
        sent.once('error', reject)
        sent.once('response', (response) => {
          let received = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            received += chunk
          })
          response.once('error', reject)
          response.once('end', () => resolve({ status: response.statusCode ?? 0, body: received }))
        })
        sent.end(text)
      }),
    close: () => agent.destroy(),
  }
}

export type HttpClient = ReturnType<typeof httpClient>
