import { isDeepStrictEqual } from 'node:util'
import { type ErrorCode, OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Settings } from '../settings/schema.ts'

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

/** Other systems' names for registered members, and how to map their values (settings.aliases). */
const aliases = {
  redirect_url: {
    member: 'redirect_uris',
    toCanonical: (value: unknown) => (typeof value === 'string' ? [value] : value),
  },
  scopes: {
    member: 'scope',
    toCanonical: (value: unknown) => (isStrings(value) ? value.join(' ') : value),
  },
} as const

/**
 * Maps aliases to registered member names. A request may contain both, because responses do.
 * Throws OAuthError `code` if the two values differ.
 */
export function canonicalMembers(
  sent: JsonObject,
  settings: Settings,
  code: ErrorCode = 'invalid_client_metadata',
): JsonObject {
  if (!settings.aliases) return sent
  const members: Record<string, unknown> = { ...sent }
  for (const [alias, { member, toCanonical }] of Object.entries(aliases)) {
    if (!Object.hasOwn(sent, alias)) continue
    const canonical = toCanonical(sent[alias])
    if (Object.hasOwn(sent, member) && !isDeepStrictEqual(sent[member], canonical))
      throw new OAuthError(code, `${alias}: expected either ${alias} or ${member}`)
    members[member] = canonical
    delete members[alias]
  }
  return members
}

/** Returns the granted scopes under their alias, in addition to `scope`. */
export const aliasedScopes = (scope: string | undefined, { aliases: given }: Settings) =>
  given && scope !== undefined ? { scopes: scope.split(' ') } : {}

/** Seconds until the token expires. An unregistered member, which strict clients reject. */
export const aliasedTokenLifetime = (
  token_expires_at: number | undefined,
  now: number,
  { aliases: given }: Settings,
) =>
  given && token_expires_at !== undefined
    ? { registration_access_token_expires_in: token_expires_at - now }
    : {}
