import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../metadata/parse-client-metadata.ts'
import { scopeTokens } from '../metadata/rules/scope-tokens.ts'
import type { Settings } from '../settings/schema.ts'

/**
 * The metadata without scopes that give rights at this very service: a client that could register them for itself, and be
 * granted them, would become the operator. Only the operator registers them, or the settings list them among
 * `metadata.scopes`; `held` are those that the client has already. Throws OAuthError `invalid_client_metadata` where
 * nothing else is left, or settings say to refuse.
 */
export function stripReservedScopes(
  sent: JsonObject,
  registeredScope: string | undefined,
  settings: Settings,
): JsonObject {
  if (typeof sent.scope !== 'string') return sent
  const tokens = scopeTokens(sent.scope)
  const allowed = [...(registeredScope?.split(' ') ?? []), ...(settings.metadata.scopes ?? [])]
  const kept = tokens.filter((token) => allowed.includes(token) || !isReserved(token, settings))
  if (kept.length === tokens.length) return sent
  if (kept.length === 0 || settings.metadata.unsupported === 'refuse')
    throw new OAuthError('invalid_client_metadata', 'scope: reserved for clients of the operator')
  return { ...sent, scope: kept.join(' ') }
}

/** Whether a scope gives rights at this very service. */
export const isReserved = (
  token: string,
  { adminScope, registrationScope, trustedRegistrationScope }: Settings,
): boolean =>
  token === adminScope ||
  token === trustedRegistrationScope ||
  token === registrationScope ||
  token.startsWith(`${registrationScope}:`)
