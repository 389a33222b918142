import { isDigestPlaceholder, isPlaceholderOf } from './digest-placeholder.ts'

/** The part of oidc-provider's `Provider` that is used here. */
export type ProviderWithClients = {
  readonly Client: {
    readonly prototype: { compareClientSecret(presented: string): boolean | Promise<boolean> }
  }
}

/**
 * Makes a provider verify `client_secret_basic` and `client_secret_post` by the secret's digest.
 * Without it, the provider rejects every such client of `withRegisteredClients`.
 */
export function verifySecretsByDigest({ Client: { prototype } }: ProviderWithClients): void {
  const { compareClientSecret } = prototype
  prototype.compareClientSecret = function (this: { readonly clientSecret?: string }, presented) {
    const { clientSecret = '' } = this
    return isDigestPlaceholder(clientSecret)
      ? isPlaceholderOf(clientSecret, presented)
      : compareClientSecret.call(this, presented)
  }
}
