import { OAuthError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { Settings } from '../../settings/schema.ts'
import type { ClientMetadata } from '../client-metadata.ts'

/** What a method proves: nothing, a shared secret, or a private key that only the client has. */
function strength(method: unknown): number {
  if (method === 'none') return 0
  return typeof method === 'string' && method.startsWith('client_secret_') ? 1 : 2
}

/**
 * Narrowing never makes a client weaker than requested (decision 0014). It replaces an unsupported
 * method only with one that is at least as strong, or that the client listed (RP Metadata Choices
 * 1.0 §2). Throws OAuthError `invalid_client_metadata`.
 */
export function checkMethodStrength(
  sent: JsonObject,
  { token_endpoint_auth_method: granted }: ClientMetadata,
  { metadata }: Settings,
): void {
  const { token_endpoint_auth_method: asked, token_endpoint_auth_methods_supported: offered } = sent
  if ((asked ?? '') === '' || strength(granted) >= strength(asked)) return
  if (Array.isArray(offered) && offered.includes(granted)) return
  throw new OAuthError(
    'invalid_client_metadata',
    `token_endpoint_auth_method: not supported, and the default is weaker; supported: ${metadata.tokenEndpointAuthMethods.join(', ')}`,
  )
}
