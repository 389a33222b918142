/** RFC 6749 §3.3: the tokens of a scope. They stand between single spaces; what clients send has more here and there. */
export const scopeTokens = (scope: string): readonly string[] => scope.split(' ').filter(Boolean)

/** Whether a request leaves its scope to the server: omitted, null, or nothing but spaces. */
export const asksForNoScope = (scope: unknown): boolean =>
  (scope ?? '') === '' || (typeof scope === 'string' && scopeTokens(scope).length === 0)
