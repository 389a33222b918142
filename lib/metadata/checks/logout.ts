import type { ClientMetadata } from '../client-metadata.ts'
import type { Check } from './check.ts'
import { redirectUrisProblem } from './redirect-uris.ts'

const isAtRedirectUri = (uri: string, { redirect_uris = [] }: ClientMetadata): boolean =>
  redirect_uris.some((redirect) => new URL(redirect).origin === new URL(uri).origin)

export const logoutChecks = {
  /**
   * Front-Channel Logout 1.0 §2: "The domain, port, and scheme of this URL MUST be the same as that
   * of a registered Redirection URI value."
   */
  frontChannelLogoutAtRedirectUri: ({ frontchannel_logout_uri: uri, ...metadata }) =>
    uri !== undefined && !isAtRedirectUri(uri, metadata)
      ? 'frontchannel_logout_uri: expected scheme, host and port of one of the redirect_uris'
      : undefined,
  /**
   * Back-Channel Logout 1.0 §2.2: https, except for a loopback client, whose redirect URI is there
   * too.
   */
  backChannelLogoutOnLoopback: ({ backchannel_logout_uri: uri = 'https:', ...metadata }) =>
    !/^https:/i.test(uri) && !isAtRedirectUri(uri, metadata)
      ? 'backchannel_logout_uri: expected https, or scheme, host and port of one of the redirect_uris'
      : undefined,
  /**
   * RP-Initiated Logout 1.0 §3.1: the browser is redirected to it, so the rules for redirect URIs
   * apply.
   */
  postLogoutRedirectUrisForApplication: (metadata, settings) =>
    redirectUrisProblem('post_logout_redirect_uris', metadata, settings),
} satisfies Record<string, Check>
