import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import { element } from './elements.ts'
import { truncatedName } from './untrusted-text.ts'

/** Maximum number of hosts on display; the rest are counted. */
const maxHosts = 5

/** The scheme and host of each redirect URI once, or the scheme where there is no host. */
export function redirectHosts({ redirect_uris = [] }: ClientMetadata): readonly HTMLElement[] {
  const origins = [...new Set(redirect_uris.map(origin))]
  const shown = origins.slice(0, maxHosts).map(truncatedName)
  if (origins.length === 0) return [element('span', {}, 'No redirect URI')]
  const rest = origins.length - shown.length
  return rest > 0 ? [...shown, element('small', {}, `and ${rest} more`)] : shown
}

function origin(uri: string): string {
  const { protocol, host } = URL.canParse(uri) ? new URL(uri) : { protocol: uri, host: '' }
  return host === '' ? protocol : `${protocol}//${host}`
}
