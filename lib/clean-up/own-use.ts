import type { RegisteredClient } from '../client.ts'
import type { Server } from '../server.ts'
import type { Settings } from '../settings/schema.ts'

/**
 * The use that a write by the client's own registration access token records: none without
 * clean-up, unless the client is stale since before it was switched off.
 */
export const usedAt = (
  { stale_at }: Pick<RegisteredClient, 'stale_at'>,
  now: number,
  { cleanUp }: Pick<Settings, 'cleanUp'>,
): number | undefined => (cleanUp.mode === 'off' && stale_at === undefined ? undefined : now)

/** Revives a stale client that was read by its own registration access token. */
export async function reviveByUse(
  { client_id }: RegisteredClient,
  now: number,
  { clientUse, annotate }: Pick<Server, 'clientUse' | 'annotate'>,
): Promise<void> {
  await clientUse.revive({ client_id, used_at: now })
  annotate({ revived: true })
}
