import type { ClientMetadata } from '../metadata/client-metadata.ts'

/** A name in DNS has at most 253 characters. */
const maxLength = 253

/** The distinct hosts of a client's http and https redirect URIs. Other schemes have no host. */
export const redirectHostsOf = ({ redirect_uris = [] }: ClientMetadata): readonly string[] => [
  ...new Set(redirect_uris.flatMap(hostOf)),
]

function hostOf(uri: string): readonly string[] {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return []
  return url.hostname === '' || url.hostname.length > maxLength ? [] : [url.hostname]
}

/** A host alone: without scheme, port, path or user; an IPv6 address is in brackets. */
const hostAlone = /^(?:\[[0-9A-Fa-f:.]+\]|[^/?#@\\:[\]%\s]+)$/

/** A host as URLs name it (WHATWG URL §3.5), in lower case and ASCII; undefined if it is none. */
export function parseHost(text: string): string | undefined {
  const url = `https://${text}`
  return hostAlone.test(text) && URL.canParse(url) ? new URL(url).hostname : undefined
}
