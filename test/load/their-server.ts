import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { issueInitialAccessToken, provider } from '../bench/compare/their-provider.ts'

/** oidc-provider as its own server on loopback. Prints its URL and an initial access token. */
const server = createServer(provider.callback()).listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo
  console.log(`http://127.0.0.1:${port} ${await issueInitialAccessToken()}`)
})
// Ends when the process that started it ends.
process.stdin.resume().once('end', () => process.exit())
