import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An MCP server on loopback that demands authorization (RFC 9728), with the metadata of an
 * authorization server whose registration endpoint is the service's. Nobody can sign in there.
 */
export async function startMcpServer(service: string) {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = `${origin}/mcp`
  const resourceMetadata = `${origin}/.well-known/oauth-protected-resource/mcp`

  const published = await fetch(new URL('/.well-known/oauth-authorization-server', service))
  const documents: Readonly<Record<string, object>> = {
    '/.well-known/oauth-protected-resource/mcp': { resource: url, authorization_servers: [origin] },
    '/.well-known/oauth-authorization-server': {
      ...((await published.json()) as object),
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      code_challenge_methods_supported: ['S256'],
    },
  }

  server.on('request', ({ url: path = '/' }, response) => {
    const document = documents[path]
    if (document !== undefined) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
    } else if (path === '/mcp') {
      const challenge = `Bearer resource_metadata="${resourceMetadata}"`
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    } else {
      response.writeHead(404).end('Nobody can sign in here: it is a test.')
    }
  })

  async function close() {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }

  return { url, close }
}
