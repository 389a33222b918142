import { asksForNoScope, scopeTokens } from '../metadata/rules/scope-tokens.ts'
import type { Policy } from './policy.ts'

/** Allows these scope tokens only; a client that requests none gets all of them. */
export const allowedScopes =
  ({ scopes }: { readonly scopes: readonly string[] }): Policy =>
  (context, metadata) => {
    if (asksForNoScope(metadata.scope)) metadata.scope = scopes.join(' ')
    const tokens = typeof metadata.scope === 'string' ? scopeTokens(metadata.scope) : ['']
    if (!tokens.every((token) => scopes.includes(token)))
      context.refuse(`scope: expected scopes among ${scopes.join(', ')}`)
  }
