/** Who owns a client: the `sub` of its token, and the issuer to which alone a `sub` means something (RFC 7519 §4.1.2). */
export type Owner = {
  readonly owner: string
  /** Left out where the operator named the owner, in an initial access token. */
  readonly iss?: string | undefined
}
