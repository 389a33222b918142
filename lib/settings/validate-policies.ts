import { supportedValues } from '../metadata/supported-values.ts'
import type { Settings } from './schema.ts'

/**
 * Finds built-in policies that would reject every request, or every anonymous one. Returns one line
 * for each problem.
 */
export function checkPolicies(settings: Settings): readonly string[] {
  const { policies, policySettings, metadata, registration } = settings
  const supported = supportedValues('scopes_supported', settings)
  const allowed = policySettings['allowed-scopes']?.scopes ?? []
  const refusing = {
    'maximum-clients-per-owner':
      registration === 'dynamic'
        ? [
            'policies: maximum-clients-per-owner contradicts registration: dynamic; it refuses who has no token. Name it in initial access tokens, or take maximum-anonymous-clients',
          ]
        : [],
    'public-clients-only': [
      ...(metadata.tokenEndpointAuthMethods.includes('none')
        ? []
        : ['policies: public-clients-only needs none in metadata.tokenEndpointAuthMethods']),
      ...(metadata.grantTypes.includes('authorization_code')
        ? []
        : ['policies: public-clients-only needs authorization_code in metadata.grantTypes']),
    ],
    'allowed-scopes':
      allowed.length === 0 || !supported || allowed.some((scope) => supported.includes(scope))
        ? []
        : ['policySettings.allowed-scopes.scopes: contradicts metadata.scopes; none is supported'],
  }
  return Object.entries(refusing).flatMap(([name, problems]) =>
    policies.includes(name) ? problems : [],
  )
}
