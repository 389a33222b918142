/** Whether a token's scope (space-separated, RFC 6749 §3.3) holds this scope token. */
export const hasScope = (scope: string, needed: string): boolean =>
  scope.split(' ').includes(needed)
