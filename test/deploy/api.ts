import { request } from 'node:http'
import type { Emulator } from './emulator.ts'

export type Answer = {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Readonly<Record<string, unknown>>
}

type Received = Omit<Answer, 'body'> & { readonly text: string }

/** A body that is text is a signed request (a JWT); any other is sent as JSON. */
export type Call = (
  method: string,
  path: string,
  bearer?: string,
  body?: object | string,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>

/**
 * The deployed API. Its name resolves nowhere: it is sent as the Host of a request to the emulator, with these headers
 * added by a proxy between.
 */
export function openApi(
  { port }: Emulator,
  url: string,
  added: Readonly<Record<string, string>> = {},
): Call {
  const { host } = new URL(url)
  return async (...sent) => {
    const { status, headers, text } = await exchange(...sent)
    const isJson = text !== '' && String(headers['content-type']).includes('json')
    return { status, headers, body: isJson ? JSON.parse(text) : {} }
  }

  function exchange(...[method, path, bearer, body, more]: Parameters<Call>): Promise<Received> {
    return new Promise((resolve, reject) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body ?? '')
      const headers = {
        host,
        ...added,
        ...more,
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && {
          'content-type': typeof body === 'string' ? 'application/jwt' : 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
      }
      const options = { host: '127.0.0.1', port, method, path, headers, agent: false }
      const outgoing = request(options, (response) => {
        let received = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          received += chunk
        })
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: received,
          }),
        )
      })
      outgoing.setTimeout(30_000, () => outgoing.destroy(new Error('no answer in 30 s')))
      outgoing.on('error', reject)
      outgoing.end(body === undefined ? '' : text)
    })
  }
}
