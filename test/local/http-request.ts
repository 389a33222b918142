import { request } from 'node:http'

export type RawRequest = {
  readonly method?: string
  readonly path?: string
  /** Names and values in turn, sent as they are. */
  readonly headers?: readonly string[]
  readonly body?: string | Buffer
}

/** One request of which every byte counts: fetch would normalize paths and join headers. */
export function send(url: string, { method = 'GET', path = '/', headers = [], body }: RawRequest) {
  return new Promise<{
    status: number
    headers: NodeJS.Dict<string | string[]>
    text: string
  }>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const length = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))]
    const options = {
      hostname,
      port,
      method,
      path,
      headers: ['host', 'api.example', ...length, ...headers],
      agent: false,
    }
    const outgoing = request(options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
