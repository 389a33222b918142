import { asksForNoScope, scopeTokens } from '../metadata/rules/scope-tokens.ts'
import { described } from '../settings/setting.ts'
import { group, nonEmptyList, scopeToken } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Allows these scope tokens only; a client that requests none gets all of them. */
export const allowedScopes = configurablePolicy({
  name: 'allowed-scopes',
  settings: described(
    'allow these scopes only',
    group({ scopes: described('allowed scopes', nonEmptyList(scopeToken)) }),
  ),
  policy:
    ({ scopes }) =>
    (context, metadata) => {
      if (asksForNoScope(metadata.scope)) metadata.scope = scopes.join(' ')
      const tokens = typeof metadata.scope === 'string' ? scopeTokens(metadata.scope) : ['']
      if (!tokens.every((token) => scopes.includes(token)))
        context.reject(`scope: expected scopes among ${scopes.join(', ')}`)
    },
  contradictions: ({ scopes: supported }, { scopes }) =>
    !supported || scopes.some((scope) => supported.includes(scope))
      ? []
      : ['policySettings.allowed-scopes.scopes: contradicts metadata.scopes; none is supported'],
})
