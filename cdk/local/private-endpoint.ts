import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type PrivateAnswer = { readonly status?: number; readonly body: unknown }

type Endpoint = {
  readonly answer: (request: IncomingMessage) => Promise<PrivateAnswer>
  readonly contentType: string
  readonly forbidden: unknown
}

/** Serves JSON on loopback, to those who know the URL. */
export async function servePrivately({ answer, contentType, forbidden }: Endpoint) {
  // All users of this machine share loopback. The random path restricts access.
  const path = `/${randomBytes(16).toString('hex')}`
  const server = createServer(async (request, response) => {
    const { status = 200, body } =
      request.url?.startsWith(path) === true
        ? await answer(request)
        : { status: 403, body: forbidden }
    response.writeHead(status, { 'content-type': contentType })
    response.end(JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
