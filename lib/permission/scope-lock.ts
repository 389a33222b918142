import { grantsOf } from '../metadata/grants.ts'
import { supportedValues } from '../metadata/supported-values.ts'
import type { Settings } from '../settings/schema.ts'

/** What a token's scope locks a client to: only these grant types, only these scope tokens. */
export type ScopeLock = {
  readonly grants?: readonly string[]
  readonly scopes?: readonly string[]
}

/**
 * The lock that a token's scope (space-separated) puts on registration: undefined where the scope does not allow
 * registration at all, empty where it allows all. `<registrationScope>:grant:<g>` and `<registrationScope>:scope:<s>` lock.
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

/** The settings of a server that supports only what the lock allows: so it narrows, refuses and defaults inside it. */
export function withinLock(settings: Settings, { grants, scopes }: ScopeLock): Settings {
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
