import { createServer } from 'node:http'
import { listen } from '../support/loopback.ts'

/** What is answered to who asks for an issuer's keys: they, a wrong answer, or none at all. */
type JwksAnswer = { readonly status?: number; readonly body: string } | 'none'

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
    const { status = 200, body } = answer
    return response.writeHead(status, { 'content-type': 'application/json' }).end(body)
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
