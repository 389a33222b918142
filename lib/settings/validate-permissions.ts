import { supportedValues } from '../metadata/supported-values.ts'
import { isReserved } from '../permission/reserved-scopes.ts'
import { scopeLock } from '../permission/scope-lock.ts'
import type { Settings } from './schema.ts'

/** Finds contradictions between settings that grant permissions. Returns one line for each. */
export const checkPermissions = (settings: Settings): readonly string[] => [
  ...scopesOfRights(settings),
  ...repeatedIssuers(settings),
  ...anonymous(settings),
]

/**
 * Anonymous registration must be limited to what the server supports and must not grant permissions
 * in this service.
 */
function anonymous(settings: Settings): readonly string[] {
  const { metadata, limits } = settings
  const { grantTypes, scopes = [], item } = settings.anonymous
  const supported = supportedValues('scopes_supported', settings)
  return [
    ...grantTypes
      .filter((grant) => !metadata.grantTypes.includes(grant))
      .map((grant) => `anonymous.grantTypes: ${grant} is not among metadata.grantTypes`),
    ...scopes
      .filter((scope) => isReserved(scope, settings))
      .map((scope) => `anonymous.scopes: ${scope} is a scope of the operator`),
    ...scopes
      .filter((scope) => supported !== undefined && !supported.includes(scope))
      .map((scope) => `anonymous.scopes: ${scope} is not among metadata.scopes`),
    ...(item > limits.item
      ? ['anonymous.item: contradicts limits.item; expected at most that']
      : []),
  ]
}

/** Scopes for different permissions must differ: a shared scope would grant both. */
function scopesOfRights(settings: Settings): readonly string[] {
  const { registrationScope, trustedRegistrationScope, adminScope, readScope, useScope } = settings
  const isLock = (scope: string) => scopeLock(scope, registrationScope) !== undefined
  return [
    ...(adminScope === registrationScope
      ? ['adminScope: contradicts registrationScope; anyone who may register could administer']
      : []),
    ...(adminScope === trustedRegistrationScope
      ? ['adminScope: contradicts trustedRegistrationScope; expected another scope']
      : []),
    ...(['registrationScope', 'trustedRegistrationScope', 'adminScope'] as const)
      .filter((name) => settings[name] === readScope)
      .map((name) => `readScope: contradicts ${name}; expected another scope`),
    ...(['registrationScope', 'trustedRegistrationScope', 'adminScope', 'readScope'] as const)
      .filter((name) => settings[name] === useScope)
      .map((name) => `useScope: contradicts ${name}; expected another scope`),
    ...(['adminScope', 'trustedRegistrationScope', 'readScope', 'useScope'] as const)
      .filter((name) => settings[name] !== registrationScope && isLock(settings[name]))
      .map((name) => `${name}: contradicts registrationScope; it would lock a registration`),
    ...(settings.initialAccessToken.static && trustedRegistrationScope === registrationScope
      ? [
          'trustedRegistrationScope: contradicts initialAccessToken.static; its holder would be trusted',
        ]
      : []),
  ]
}

/** If an issuer were listed twice, only one entry would take effect. */
const repeatedIssuers = (settings: Settings): readonly string[] =>
  Object.entries({
    accessTokenIssuers: settings.accessTokenIssuers,
    'softwareStatement.issuers': settings.softwareStatement.issuers,
    'signedRequest.issuers': settings.signedRequest.issuers,
  }).flatMap(([name, list]) => {
    const issuers = typeof list === 'string' ? [] : list.map(({ issuer }) => issuer)
    const repeated = issuers.filter((issuer, index) => issuers.indexOf(issuer) < index)
    return [...new Set(repeated)].map((issuer) => `${name}: lists ${issuer} more than once`)
  })
