import type { RegisteredClient } from '../client.ts'
import type { Server } from '../server.ts'

/**
 * One of k registrations, by chance, adds k to the count, and k is this share of it. So a client of
 * a million instances was counted by some 400 writes, and the standard error is at most
 * 1 / √(2 × 32), an eighth of the count. The first 64 are counted one by one.
 */
const share = 32

/**
 * Counts an instance of a shared client. A count that fails is logged: it is coarse, and the
 * registration has succeeded.
 */
export async function countInstance(
  { client_id, instances = 1 }: RegisteredClient,
  { clients, warn }: Pick<Server, 'clients' | 'warn'>,
): Promise<void> {
  const weight = Math.max(1, Math.floor(instances / share))
  if (Math.random() * weight >= 1) return
  try {
    await clients.countInstances(client_id, weight)
  } catch (cause) {
    warn('an instance of a shared client was not counted', cause)
  }
}
