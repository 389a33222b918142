import type { ClientMetadata } from '../../metadata/client-metadata.ts'
import { nameOf, namePosition } from '../../operator/name-filter.ts'
import { redirectHostsOf } from '../../operator/redirect-host-filter.ts'
import type { Settings } from '../../settings/schema.ts'
import { namePartition, severalHostsPartition } from './table.ts'

/** By which indexes clients are found. */
export type FindClientsBy = Settings['findClientsBy']

export const noFindIndexes: FindClientsBy = { name: false, redirectHost: false }

/**
 * The attributes that index a client by name and by redirect host. Those of an index that is off
 * are undefined, so that an update removes them: once it is on again, no client is found by an
 * earlier name.
 */
export function findAttributes(
  client_id: string,
  metadata: ClientMetadata,
  { name, redirectHost }: FindClientsBy,
) {
  const sorted = name ? nameOf(metadata) : undefined
  return {
    named: sorted && namePartition(client_id),
    named_as: sorted && namePosition(sorted, client_id),
    redirect_host: redirectHost ? hostEntry(client_id, metadata) : undefined,
  }
}

/** The only host of a client's redirect URIs; clients with several hosts share partitions. */
function hostEntry(client_id: string, metadata: ClientMetadata): string | undefined {
  const [host, ...others] = redirectHostsOf(metadata)
  return others.length === 0 ? host : severalHostsPartition(client_id)
}
