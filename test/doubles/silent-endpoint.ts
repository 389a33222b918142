import { createServer } from 'node:net'
import { listen } from '../support/loopback.ts'

/** An AWS service that accepts every connection and never answers. */
export async function silentEndpoint() {
  const { port, close } = await listen(createServer())
  return { url: `http://127.0.0.1:${port}`, close }
}
