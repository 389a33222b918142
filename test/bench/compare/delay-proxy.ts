import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Forwards connections to an endpoint on loopback, each request later by so many milliseconds. */
export async function delayProxy(endpoint: string, delayMs: number) {
  const { hostname, port } = new URL(endpoint)
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const engine = connect(Number(port), hostname).setNoDelay(true)
    client.setNoDelay(true)
    client.on('data', (chunk) => setTimeout(() => engine.write(chunk), delayMs))
    engine.on('data', (chunk) => client.write(chunk))
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address() as AddressInfo // it listens on TCP
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
