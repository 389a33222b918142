import { calculateJwkThumbprint } from 'jose'
import type { RegisteredClient } from '../client.ts'
import type { DisableFilter } from '../ports/disable-job-store.ts'

type Matched = Pick<RegisteredClient, 'metadata' | 'owner' | 'iss'>

/** Whether a client is one that the filter names, by its metadata and owner as they are stored. */
export async function matchesFilter(client: Matched, filter: DisableFilter): Promise<boolean> {
  const { metadata } = client
  if ('redirect_host' in filter)
    return (metadata.redirect_uris ?? []).some((uri) => hostOf(uri) === filter.redirect_host)
  if ('software_id' in filter) return metadata.software_id === filter.software_id
  if ('owner' in filter)
    return (
      client.owner === filter.owner &&
      (filter.iss === undefined || (client.iss ?? '') === filter.iss)
    )
  const thumbprints = await Promise.all((metadata.jwks?.keys ?? []).map(thumbprintOf))
  return thumbprints.includes(filter.key_thumbprint)
}

/** The host of an http or https URI; undefined for a private-use scheme, which has none. */
function hostOf(uri: string): string | undefined {
  if (!/^https?:/i.test(uri) || !URL.canParse(uri)) return undefined
  return new URL(uri).hostname
}

/** RFC 7638 §3; undefined for a key type without a defined thumbprint. */
async function thumbprintOf(key: object): Promise<string | undefined> {
  return calculateJwkThumbprint(key).catch(() => undefined)
}

/**
 * The host as a URL parser writes it: lower case, in Punycode, an IPv4 address in four numbers.
 * Undefined for a text with a scheme, a port, a path or user information.
 */
export function parseRedirectHost(text: string): string | undefined {
  if (!/^(?:\[[\dA-Fa-f:.]+\]|[^\s:/?#@\\[\]%]+)$/.test(text)) return undefined
  const uri = `https://${text}/`
  return URL.canParse(uri) ? new URL(uri).hostname : undefined
}
