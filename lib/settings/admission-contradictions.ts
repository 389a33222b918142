import { scopeLock } from '../admission/scope-lock.ts'
import type { Settings } from './schema.ts'

/** What settings say against each other about who may do what, one line each. */
export const admissionContradictions = (settings: Settings): readonly string[] => [
  ...scopesOfRights(settings),
  ...repeatedIssuers(settings),
]

/** Scopes that stand for different rights: one that meant two of them would give both to whoever has either. */
function scopesOfRights(settings: Settings): readonly string[] {
  const { registrationScope, trustedRegistrationScope, adminScope, initialAccessToken } = settings
  const isLock = (scope: string) => scopeLock(scope, registrationScope) !== undefined
  return [
    ...(adminScope === registrationScope
      ? ['adminScope: contradicts registrationScope; whoever may register would administer']
      : []),
    ...(adminScope === trustedRegistrationScope
      ? ['adminScope: contradicts trustedRegistrationScope; expected another scope']
      : []),
    ...(['adminScope', 'trustedRegistrationScope'] as const)
      .filter((name) => settings[name] !== registrationScope && isLock(settings[name]))
      .map((name) => `${name}: contradicts registrationScope; it would lock a registration`),
    ...(initialAccessToken.static && trustedRegistrationScope === registrationScope
      ? [
          'trustedRegistrationScope: contradicts initialAccessToken.static; whoever has that token would be trusted',
        ]
      : []),
  ]
}

/** Of an issuer that is listed twice, only one entry would count. */
const repeatedIssuers = (settings: Settings): readonly string[] =>
  Object.entries({
    accessTokenIssuers: settings.accessTokenIssuers,
    'softwareStatement.issuers': settings.softwareStatement.issuers,
    'signedRequest.issuers': settings.signedRequest.issuers,
  }).flatMap(([name, list]) => {
    const issuers = list.map(({ issuer }) => issuer)
    const repeated = issuers.filter((issuer, index) => issuers.indexOf(issuer) < index)
    return [...new Set(repeated)].map((issuer) => `${name}: lists ${issuer} more than once`)
  })
