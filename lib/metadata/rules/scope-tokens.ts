/**
 * RFC 6749 §3.3: the tokens of a scope. The standard requires single spaces; clients also send
 * extra ones.
 */
export const scopeTokens = (scope: string): readonly string[] => scope.split(' ').filter(Boolean)

/** Whether a request leaves the scope to the server: omitted, null, or only spaces. */
export const asksForNoScope = (scope: unknown): boolean =>
  (scope ?? '') === '' || (typeof scope === 'string' && scopeTokens(scope).length === 0)
