import { once } from 'node:events'
import type { Server } from 'node:net'

export async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}
