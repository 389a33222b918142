import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { scopeTokens } from '../metadata/rules/scope-tokens.ts'
import type { Settings } from '../settings/schema.ts'

/**
 * Drops scopes that grant rights at this service: a client that could register them for itself
 * would become an operator, read other clients, or report their use. They are allowed if the operator
 * registers the client, if `metadata.scopes` lists them, or if they are in `registeredScope`. Throws
 * OAuthError `invalid_client_metadata` if no scope is left, or if `metadata.unsupported` is
 * `refuse`.
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

/** Whether a scope grants rights at this service. */
export const isReserved = (
  token: string,
  { adminScope, readScope, useScope, registrationScope, trustedRegistrationScope }: Settings,
): boolean =>
  token === adminScope ||
  token === readScope ||
  token === useScope ||
  token === trustedRegistrationScope ||
  token === registrationScope ||
  token.startsWith(`${registrationScope}:`)
