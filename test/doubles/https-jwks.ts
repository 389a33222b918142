import { createServer } from 'node:https'
import { createJsonFetcher } from '../../lib/adapters/https/fetch-document.ts'
import { selfSigned } from '../lib/adapters/https/self-signed.ts'
import { listen } from '../support/loopback.ts'

const host = 'keystore.example'
const { key, cert } = selfSigned(host)

/** A directory's key store over HTTPS on loopback, as keystore.example: every path gets the same response, and requests are counted. */
export async function httpsJwks(keys: object) {
  let answer = { status: 200, body: JSON.stringify(keys) }
  const paths: string[] = []
  const server = createServer({ key, cert }, ({ url = '' }, response) => {
    paths.push(url)
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  })
  const { port, close } = await listen(server)
  const isAllowed = (address: string) => address === '127.0.0.1'
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
  return {
    uri: `https://${host}:${port}/software.jwks`,
    paths,
    /** The safe reader, for which this server's address is a public one. */
    read: createJsonFetcher({ resolve, isAllowed, ca: cert, ports: [port] }),
    answer(status: number, body: string) {
      answer = { status, body }
    },
    close,
  }
}
