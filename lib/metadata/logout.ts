import type { Check } from './check.ts'
import type { ClientMetadata } from './client-metadata.ts'
import { list } from './list.ts'
import { onPublicHost } from './public-uri.ts'
import { redirectUri, redirectUrisProblem } from './redirect-uri.ts'
import { flag, type Member } from './rule.ts'
import { clientUri } from './uri.ts'

/** OpenID Connect Front-Channel §2, Back-Channel §2.2 and RP-Initiated Logout 1.0 §3.1 */
export const logout = {
  frontchannel_logout_uri: { rule: clientUri },
  frontchannel_logout_session_required: { rule: flag },
  backchannel_logout_uri: { rule: onPublicHost(clientUri) },
  backchannel_logout_session_required: { rule: flag },
  post_logout_redirect_uris: {
    rule: list(redirectUri, { most: ({ limits }) => limits.redirectUris }),
  },
} satisfies Record<string, Member<unknown>>

const isAtRedirectUri = (uri: string, { redirect_uris = [] }: ClientMetadata): boolean =>
  redirect_uris.some((redirect) => new URL(redirect).origin === new URL(uri).origin)

export const logoutChecks = {
  /** Front-Channel Logout 1.0 §2: "The domain, port, and scheme of this URL MUST be the same as that of a registered Redirection URI value." */
  frontChannelLogoutAtRedirectUri: ({ frontchannel_logout_uri: uri, ...metadata }) =>
    uri !== undefined && !isAtRedirectUri(uri, metadata)
      ? 'frontchannel_logout_uri: expected scheme, host and port of one of the redirect_uris'
      : undefined,
  /** Back-Channel Logout 1.0 §2.2: https, but for a client on this machine, which is at its redirect URI. */
  backChannelLogoutOnLoopback: ({ backchannel_logout_uri: uri = 'https:', ...metadata }) =>
    !/^https:/i.test(uri) && !isAtRedirectUri(uri, metadata)
      ? 'backchannel_logout_uri: expected https, or scheme, host and port of one of the redirect_uris'
      : undefined,
  /** RP-Initiated Logout 1.0 §3.1: a browser is redirected there, as to a redirect URI. */
  postLogoutRedirectUrisForApplication: (metadata, settings) =>
    redirectUrisProblem('post_logout_redirect_uris', metadata, settings),
} satisfies Record<string, Check>
