import { grantsOf } from '../metadata/grants.ts'
import { supportedValues } from '../metadata/supported-values.ts'
import type { Settings } from '../settings/schema.ts'

/** Limits a client to these grant types and scope tokens, set by its token's scope. */
export type ScopeLock = {
  readonly grants?: readonly string[]
  readonly scopes?: readonly string[]
}

/**
 * Parses the lock from a token's scope (space-separated): `<registrationScope>:grant:<g>` and
 * `<registrationScope>:scope:<s>`. Undefined if the scope does not allow registration; empty if it
 * allows registration without limits.
 */
export function scopeLock(scope: string, registrationScope: string): ScopeLock | undefined {
  const tokens = scope.split(' ')
  if (tokens.includes(registrationScope)) return {}
  const grants = suffixes(tokens, `${registrationScope}:grant:`)
  const scopes = suffixes(tokens, `${registrationScope}:scope:`)
  if (grants.length === 0 && scopes.length === 0) return undefined
  return {
    ...(grants.length > 0 && {
      grants: grants.map((grant) => (grant === 'code' ? 'authorization_code' : grant)),
    }),
    ...(scopes.length > 0 && { scopes }),
  }
}

const suffixes = (tokens: readonly string[], prefix: string): readonly string[] =>
  tokens
    .filter((token) => token.startsWith(prefix))
    .map((token) => token.slice(prefix.length))
    .filter(Boolean)

/** Limits the settings to the lock, so that narrowing, rejection and defaults all respect it. */
export function withinLock(settings: Settings, { grants, scopes }: ScopeLock): Settings {
  if (grants === undefined && scopes === undefined) return settings
  const { metadata } = settings
  const isAllowed = (grant: string) => grants === undefined || grants.includes(grant)
  return {
    ...settings,
    metadata: {
      ...metadata,
      grantTypes: metadata.grantTypes.filter(isAllowed),
      responseTypes: metadata.responseTypes.filter((type) => grantsOf(type).every(isAllowed)),
      ...(scopes && { scopes: intersect(scopes, supportedValues('scopes_supported', settings)) }),
    },
  }
}

const intersect = (locked: readonly string[], supported: readonly string[] | undefined): string[] =>
  locked.filter((scope) => supported === undefined || supported.includes(scope))
