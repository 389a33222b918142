import type { CryptoKey } from 'jose'
import * as openid from 'openid-client'
import { authorize } from './browser.ts'

type Registered = { readonly client_id: string; readonly client_secret?: string }

/** A client of the provider, as openid-client makes one. */
export function clientOfProvider(issuer: string, { client_id, client_secret }: Registered) {
  const configured = (authentication: openid.ClientAuth) =>
    openid.discovery(new URL(issuer), client_id, undefined, authentication, {
      execute: [openid.allowInsecureRequests],
    })

  return {
    basic: () => configured(openid.ClientSecretBasic(client_secret)),
    post: () => configured(openid.ClientSecretPost(client_secret)),
    mac: () => configured(openid.ClientSecretJwt(client_secret)),
    signing: (key: CryptoKey) => configured(openid.PrivateKeyJwt(key)),
    none: () => configured(openid.None()),
  }
}

/** 'ok', or the OAuth error code of the token endpoint's response to a client credentials grant. */
export const clientCredentials = (configuration: Promise<openid.Configuration>): Promise<string> =>
  outcome(configuration.then((client) => openid.clientCredentialsGrant(client)))

/** 'ok', or the OAuth error code of the response. */
export async function outcome(response: Promise<unknown>): Promise<string> {
  try {
    await response
    return 'ok'
  } catch (error) {
    if (error instanceof openid.ResponseBodyError) return error.error
    if (error instanceof openid.WWWAuthenticateChallengeError)
      return error.cause[0]?.parameters.error ?? 'no error code'
    if (error instanceof Error && error.cause instanceof Response) {
      const body = (await error.cause.json()) as { readonly error: string }
      return body.error
    }
    throw error
  }
}

/**
 * Sends an authorization request with PKCE. Resolves to the token request for the code that the
 * redirect URI receives, or to the error page.
 */
export async function authorizedRequest(client: openid.Configuration, redirect_uri: string) {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier()
  const request = openid.buildAuthorizationUrl(client, {
    redirect_uri,
    scope: 'openid',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const redirected = await authorize(request)
  return typeof redirected === 'string'
    ? redirected
    : () => openid.authorizationCodeGrant(client, redirected, { pkceCodeVerifier })
}

/** Resolves to the tokens of the authorization code flow with PKCE, or to the error page. */
export async function codeFlow(client: openid.Configuration, redirect_uri: string) {
  const request = await authorizedRequest(client, redirect_uri)
  return typeof request === 'string' ? request : request()
}
