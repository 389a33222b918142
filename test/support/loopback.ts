import { once } from 'node:events'
import type { Server, Socket } from 'node:net'

export type Loopback = {
  readonly port: number
  /** Ends every connection, too. */
  close(): Promise<void>
}

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<Loopback> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
