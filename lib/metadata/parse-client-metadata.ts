import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Settings } from '../settings/schema.ts'
import type { Check } from './checks/check.ts'
import { consistency } from './checks/cross-field-checks.ts'
import { loadable } from './checks/loadable.ts'
import { checkMethodStrength } from './checks/method-strength.ts'
import type { ClientMetadata } from './client-metadata.ts'
import { withDefaults } from './defaults.ts'
import { parseMembers } from './parse-members.ts'

type ParseOptions = {
  /**
   * Whether a client without grant types may be registered, as the operator may do (a proforma
   * client).
   */
  readonly allowEmptyGrantTypes: boolean
}

/**
 * Parses RFC 7591 §2 Client Metadata from a request's members: each by its rule, with unsupported
 * values narrowed or rejected, then defaults, then the cross-field checks. Throws OAuthError
 * `invalid_client_metadata`, `invalid_redirect_uri` or `invalid_software_statement`. The
 * description names the member and the allowed values.
 */
export function parseClientMetadata(
  sent: JsonObject,
  settings: Settings,
  { allowEmptyGrantTypes }: ParseOptions,
): ClientMetadata {
  const metadata = withDefaults(parseMembers(sent, settings), settings)
  checkMethodStrength(sent, metadata, settings)
  if (metadata.grant_types.length === 0 && !allowEmptyGrantTypes)
    throw new OAuthError(
      'invalid_client_metadata',
      `grant_types: expected at least one of ${settings.metadata.grantTypes.join(', ')}`,
    )
  for (const problemOf of checks) {
    const problem = problemOf(metadata, settings)
    if (problem !== undefined) throw new OAuthError(codeOf(problem), problem)
  }
  return metadata
}

const checks: readonly Check[] = [...Object.values(consistency), loadable]

/** RFC 7591 §3.2.2: a missing or invalid redirect URI has its own error code. */
const codeOf = (problem: string) =>
  problem.startsWith('redirect_uris:') ? 'invalid_redirect_uri' : 'invalid_client_metadata'
