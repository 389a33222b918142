import { list } from '../rules/list.ts'
import { onPublicHost } from '../rules/public-uri.ts'
import { redirectUri } from '../rules/redirect-uri.ts'
import { boolean, type Member, type MemberDocs } from '../rules/rule.ts'
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

const frontChannel = 'OpenID Connect Front-Channel Logout 1.0 §2'
const backChannel = 'OpenID Connect Back-Channel Logout 1.0 §2.2'

export const logoutDocs = {
  frontchannel_logout_uri: { section: frontChannel },
  frontchannel_logout_session_required: { section: frontChannel, omitted: 'false' },
  backchannel_logout_uri: { section: backChannel },
  backchannel_logout_session_required: { section: backChannel, omitted: 'false' },
  post_logout_redirect_uris: { section: 'OpenID Connect RP-Initiated Logout 1.0 §3.1' },
} satisfies MemberDocs<typeof logout>
