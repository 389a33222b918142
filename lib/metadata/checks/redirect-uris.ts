import type { Settings } from '../../settings/schema.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import { isLoopback } from '../rules/loopback.ts'

type RedirectMember = 'redirect_uris' | 'post_logout_redirect_uris' | 'claims_redirect_uris'

type Redirecting = Pick<ClientMetadata, RedirectMember | 'application_type' | 'grant_types'>

/**
 * Checks this member's redirect URIs for the application type and returns the problem, or
 * undefined. Native: RFC 8252 §7. Web: OpenID Connect Dynamic Client Registration 1.0 §2 for the
 * implicit grant. With the code flow only, http on loopback and private-use schemes are allowed as
 * well, because clients on the user's machine register as web.
 */
export function redirectUrisProblem(
  member: RedirectMember,
  metadata: Redirecting,
  settings: Settings,
): string | undefined {
  for (const [index, uri] of (metadata[member] ?? []).entries()) {
    const problem = problemOf(new URL(uri), metadata, settings)
    if (problem !== undefined) return `${member}: item ${index + 1}: ${problem}`
  }
  return undefined
}

function problemOf(
  url: URL,
  { application_type, grant_types }: Redirecting,
  { metadata: { redirectUris } }: Settings,
): string | undefined {
  const native = application_type === 'native'
  const answersDirectly = !native && grant_types.includes('implicit')
  if (url.protocol === 'https:') {
    if (native && !redirectUris.claimedHttps && !isLoopback(url))
      return 'expected a private-use scheme or loopback http for application_type native'
    return answersDirectly && isLoopback(url)
      ? 'expected a host other than localhost for the implicit grant'
      : undefined
  }
  if (url.protocol === 'http:') {
    if (!isLoopback(url))
      return 'expected https; http only on loopback: localhost, 127.0.0.1 or [::1]'
    return answersDirectly ? 'expected https for the implicit grant' : undefined
  }
  return answersDirectly
    ? 'expected https for the implicit grant; a private-use scheme needs application_type native'
    : undefined
}
