/** A client's owner: the `sub` of its token, unique only within its issuer (RFC 7519 §4.1.2). */
export type Owner = {
  readonly owner: string
  /** Omitted if the operator named the owner in an initial access token. */
  readonly iss?: string | undefined
}
