import type { ClientMetadata } from '../metadata/client-metadata.ts'
import { withoutLoopbackPort } from '../metadata/rules/loopback.ts'

/**
 * RFC 8252 §7.3: an authorization server "MUST allow any port to be specified at the time of the
 * request for loopback IP redirect URIs", so the port says nothing about a native application. The
 * port of a web application is compared, and kept.
 */
export function withoutLoopbackPorts(metadata: ClientMetadata): ClientMetadata {
  const { application_type, redirect_uris } = metadata
  if (application_type !== 'native' || redirect_uris === undefined) return metadata
  return { ...metadata, redirect_uris: [...new Set(redirect_uris.map(withoutLoopbackPort))] }
}
