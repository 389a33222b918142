import { createServer } from 'node:http'
import { listen } from '../support/loopback.ts'

/** The response to a request for an issuer's keys: the keys, a wrong response, or none, or none in time. */
export type JwksAnswer =
  | { readonly status?: number; readonly body: string; readonly location?: string }
  | 'none'
  | 'late'

export type JwksEndpoint = {
  readonly uri: string
  /** How often the keys were requested. */
  requests(): number
  answer(next: JwksAnswer): void
  close(): Promise<void>
}

/** An issuer's JWKS endpoint that counts, and that may break. */
export async function jwksEndpoint(keys: object): Promise<JwksEndpoint> {
  let answer: JwksAnswer = { body: JSON.stringify(keys) }
  let count = 0
  const server = createServer((request, response) => {
    count += 1
    if (answer === 'none') return request.socket.destroy()
    if (answer === 'late') return undefined
    const { status = 200, body, location } = answer
    const headers = { 'content-type': 'application/json', ...(location && { location }) }
    return response.writeHead(status, headers).end(body)
  })
  const { port, close } = await listen(server)
  return {
    uri: `http://127.0.0.1:${port}/jwks`,
    requests: () => count,
    answer: (next) => {
      answer = next
    },
    close,
  }
}
