import { readClient } from '../../lib/read-client.ts'
import type { Server } from '../../lib/server.ts'
import { now, registered } from '../support/clients.ts'

/** Bytes of an ordinary client's item after one rotation, as DynamoDB counts them. */
export async function storedSize(
  server: Server,
  item: (client_id: string) => Promise<Readonly<Record<string, unknown>>>,
): Promise<number> {
  const { client_id, token } = await registered(server)
  await readClient({ bearer: token, client_id, now }, server)
  return sizeOf(await item(client_id)) - 3
}

/** DynamoDB's item size: names and values in UTF-8 bytes; 3 bytes for a map or list and 1 for each entry of it. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (value instanceof Uint8Array) return value.length
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).length / 2) + 1
  if (typeof value === 'boolean' || value === null) return 1
  if (Array.isArray(value)) return value.reduce((sum, entry) => sum + 1 + sizeOf(entry), 3)
  const entries = Object.entries(value as object)
  return entries.reduce(
    (sum, [name, entry]) => sum + 1 + Buffer.byteLength(name) + sizeOf(entry),
    3,
  )
}
