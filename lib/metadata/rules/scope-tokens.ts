/** RFC 6749 §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )` */
export const isScopeToken = (text: string): boolean => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(text)

/**
 * RFC 6749 §3.3: the tokens of a scope. The standard requires single spaces; clients also send
 * extra ones.
 */
export const scopeTokens = (scope: string): readonly string[] => scope.split(' ').filter(Boolean)

/** Whether a request leaves the scope to the server: omitted, null, or only spaces. */
export function asksForNoScope(scope: unknown): boolean {
  const sent = scope ?? ''
  return typeof sent === 'string' && scopeTokens(sent).length === 0
}
