import { calculateJwkThumbprint } from 'jose'
import type { RegisteredClient } from '../client.ts'
import { redirectHostsOf } from '../operator/redirect-host-filter.ts'
import type { DisableFilter } from '../ports/disable-job-store.ts'

type Matched = Pick<RegisteredClient, 'metadata' | 'owner' | 'iss'>

/** Whether a client is one that the filter names, by its metadata and owner as they are stored. */
export async function matchesFilter(client: Matched, filter: DisableFilter): Promise<boolean> {
  const { metadata } = client
  if ('redirect_host' in filter) return redirectHostsOf(metadata).includes(filter.redirect_host)
  if ('software_id' in filter) return metadata.software_id === filter.software_id
  if ('owner' in filter)
    return (
      client.owner === filter.owner &&
      (filter.iss === undefined || (client.iss ?? '') === filter.iss)
    )
  const thumbprints = await Promise.all((metadata.jwks?.keys ?? []).map(thumbprintOf))
  return thumbprints.includes(filter.key_thumbprint)
}

/** RFC 7638 §3; undefined for a key type without a defined thumbprint. */
async function thumbprintOf(key: object): Promise<string | undefined> {
  return calculateJwkThumbprint(key).catch(() => undefined)
}
