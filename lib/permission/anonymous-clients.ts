import type { RegisteredClient } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { statedMembers } from '../jwt/software-statement.ts'
import { isScopeToken } from '../metadata/rules/scope-tokens.ts'
import type { Settings } from '../settings/schema.ts'
import { isReserved } from './reserved-scopes.ts'
import { withinLock } from './scope-lock.ts'

/** What an anonymous client already has, and may keep. */
export type RetainedEntitlements = {
  readonly grants: readonly string[]
  readonly scopes: readonly string[]
  /** Size of its metadata as JSON, in bytes. */
  readonly bytes: number
}

export const noEntitlements: RetainedEntitlements = { grants: [], scopes: [], bytes: 0 }

/**
 * What an update of this client may keep beyond the anonymous limits; undefined if the client is
 * not anonymous. Excludes what its software statement grants: the client has that only while it
 * sends the statement, with the stated redirect URIs and names.
 */
export function retainedEntitlements(
  client: RegisteredClient,
  settings: Settings,
): RetainedEntitlements | undefined {
  if (!isAnonymous(client, settings)) return undefined
  const { metadata } = client
  const { software_statement: known } = metadata
  const vouched = vouchedBy(known === undefined ? {} : statedMembers(known, settings))
  return {
    grants: metadata.grant_types.filter((grant) => !vouched.grants.includes(grant)),
    scopes: words(metadata.scope).filter((scope) => !vouched.scopes.includes(scope)),
    bytes: Buffer.byteLength(JSON.stringify(metadata)),
  }
}

/** RFC 7591 §2.3: the issuer vouches for the statement's claims only, not for other members. */
export const vouchedBy = (stated: JsonObject): Pick<RetainedEntitlements, 'grants' | 'scopes'> => ({
  grants: texts(stated.grant_types),
  scopes: words(stated.scope),
})

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

const words = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split(' ') : []

/** A client without a stored registration method counts as anonymous if registration is open. */
const isAnonymous = (
  { registration_method, owner }: RegisteredClient,
  { registration }: Settings,
): boolean =>
  registration_method === 'anonymous' ||
  (registration_method === undefined && owner === undefined && registration === 'dynamic')

/** OpenID Connect Core 1.0 §3.1.2.1, §5.4, §11: scopes about the user, who is asked for consent. */
const openidScopes = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']

/** Scopes that anonymous clients may register; never one that grants rights at this service. */
export const anonymousScopes = (settings: Settings): readonly string[] =>
  (settings.anonymous.scopes ?? settings.metadata.scopes ?? openidScopes).filter(
    (scope) => !isReserved(scope, settings),
  )

/** Limits the settings to the grant types for anonymous clients and those in `more`. */
export const withinAnonymous = (settings: Settings, ...more: readonly (readonly string[])[]) =>
  withinLock(settings, { grants: [...settings.anonymous.grantTypes, ...more.flat()] })

/**
 * Drops scopes that anonymous clients may not register and that are not in `more`. If none is left,
 * `scope` is omitted and the server's default applies (RFC 7591 §2).
 * Throws OAuthError `invalid_client_metadata` if `metadata.unsupported` is `refuse`.
 */
export function dropOtherScopes(
  sent: JsonObject,
  settings: Settings,
  ...more: readonly (readonly string[])[]
): JsonObject {
  if (typeof sent.scope !== 'string') return sent
  const tokens = sent.scope.split(' ')
  const allowed = anonymousScopes(settings)
  const known = [...allowed, ...more.flat()]
  // Keep malformed tokens: the rule of `scope` rejects them.
  const kept = tokens.filter((token) => known.includes(token) || !isScopeToken(token))
  if (kept.length === tokens.length) return sent
  if (settings.metadata.unsupported === 'refuse')
    throw new OAuthError(
      'invalid_client_metadata',
      `scope: without a token, expected scopes among ${allowed.join(', ') || 'none'}`,
    )
  const { scope, ...others } = sent
  return kept.some(Boolean) ? { ...others, scope: kept.join(' ') } : others
}
