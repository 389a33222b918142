import { list } from '../rules/list.ts'
import { onPublicHost } from '../rules/public-uri.ts'
import { redirectUri } from '../rules/redirect-uri.ts'
import { boolean, type Member } from '../rules/rule.ts'
import { clientUri } from '../rules/uri.ts'

/** OpenID Connect Front-Channel §2, Back-Channel §2.2 and RP-Initiated Logout 1.0 §3.1 */
export const logout = {
  frontchannel_logout_uri: { rule: clientUri },
  frontchannel_logout_session_required: { rule: boolean },
  backchannel_logout_uri: { rule: onPublicHost(clientUri) },
  backchannel_logout_session_required: { rule: boolean },
  post_logout_redirect_uris: {
    rule: list(redirectUri, { max: ({ limits }) => limits.redirectUris }),
  },
} satisfies Record<string, Member<unknown>>
