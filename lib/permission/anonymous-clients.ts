import type { RegisteredClient } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { statedMembers } from '../jwt/software-statement.ts'
import type { JsonObject } from '../metadata/parse-client-metadata.ts'
import type { Settings } from '../settings/schema.ts'
import { isReserved } from './reserved-scopes.ts'
import { withinLock } from './scope-lock.ts'

/** What a client that nobody vouches for holds already, and keeps. */
export type Held = {
  readonly grants: readonly string[]
  readonly scopes: readonly string[]
  /** Of its metadata as JSON. */
  readonly bytes: number
}

export const holdsNothing: Held = { grants: [], scopes: [], bytes: 0 }

/**
 * What an update of this client may keep beyond what anyone may have; undefined where somebody vouched for the client. What
 * its software statement vouches for, it has while it sends that: with the redirect URIs and names that are stated, too.
 */
export function heldAnonymously(client: RegisteredClient, settings: Settings): Held | undefined {
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

/** RFC 7591 §2.3: what a statement says, its issuer vouches for; not for what else was sent. */
export const vouchedBy = (stated: JsonObject): Pick<Held, 'grants' | 'scopes'> => ({
  grants: texts(stated.grant_types),
  scopes: words(stated.scope),
})

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

const words = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split(' ') : []

/** Of a client from before the right was kept, an open stage cannot tell that anybody vouched for it. */
const isAnonymous = (
  { admission, initial_access_token, owner }: RegisteredClient,
  { registration }: Settings,
): boolean =>
  admission === 'anonymous' ||
  (admission === undefined &&
    initial_access_token === undefined &&
    owner === undefined &&
    registration === 'dynamic')

/** OpenID Connect Core 1.0 §3.1.2.1, §5.4, §11: they tell of the user, who is asked. */
const openidScopes = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']

/** RFC 6749 §3.3 */
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/** What anyone may register: never a scope that gives rights at this service. */
export const anonymousScopes = (settings: Settings): readonly string[] =>
  (settings.anonymous.scopes ?? settings.metadata.scopes ?? openidScopes).filter(
    (scope) => !isReserved(scope, settings),
  )

/** The settings of a server that supports only the grant types that anyone may register, or that these name. */
export const withinAnonymous = (settings: Settings, ...more: readonly (readonly string[])[]) =>
  withinLock(settings, { grants: [...settings.anonymous.grantTypes, ...more.flat()] })

/**
 * The metadata without scopes that anyone may not register, and that these do not name; without any it is left to the
 * server (RFC 7591 §2). Throws OAuthError `invalid_client_metadata` where settings say to refuse.
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
  // What is no scope token is left to the member's own rule, which refuses it.
  const kept = tokens.filter((token) => known.includes(token) || !scopeToken.test(token))
  if (kept.length === tokens.length) return sent
  if (settings.metadata.unsupported === 'refuse')
    throw new OAuthError(
      'invalid_client_metadata',
      `scope: without a token, expected scopes among ${allowed.join(', ') || 'none'}`,
    )
  const { scope, ...others } = sent
  return kept.some(Boolean) ? { ...others, scope: kept.join(' ') } : others
}
