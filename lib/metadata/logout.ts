import type { Check } from './check.ts'
import { list } from './list.ts'
import { publicHttpsUri } from './public-uri.ts'
import { redirectUri, redirectUrisProblem } from './redirect-uri.ts'
import { flag, type Member } from './rule.ts'
import { httpsUri } from './uri.ts'

/** OpenID Connect Front-Channel §2, Back-Channel §2.2 and RP-Initiated Logout 1.0 §3.1 */
export const logout = {
  frontchannel_logout_uri: { rule: httpsUri },
  frontchannel_logout_session_required: { rule: flag },
  backchannel_logout_uri: { rule: publicHttpsUri },
  backchannel_logout_session_required: { rule: flag },
  post_logout_redirect_uris: {
    rule: list(redirectUri, { most: ({ limits }) => limits.redirectUris }),
  },
} satisfies Record<string, Member<unknown>>

export const logoutChecks = {
  /** Front-Channel Logout 1.0 §2: "The domain, port, and scheme of this URL MUST be the same as that of a registered Redirection URI value." */
  frontChannelLogoutAtRedirectUri: ({ frontchannel_logout_uri, redirect_uris = [] }) =>
    frontchannel_logout_uri !== undefined &&
    !redirect_uris.some((uri) => new URL(uri).origin === new URL(frontchannel_logout_uri).origin)
      ? 'frontchannel_logout_uri: expected scheme, host and port of one of the redirect_uris'
      : undefined,
  /** RP-Initiated Logout 1.0 §3.1: a browser is redirected there, as to a redirect URI. */
  postLogoutRedirectUrisForApplication: (metadata, settings) =>
    redirectUrisProblem('post_logout_redirect_uris', metadata, settings),
} satisfies Record<string, Check>
