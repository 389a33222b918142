import { Refused, type Rule } from './rule.ts'
import { isLoopback, parseUri } from './uri.ts'

/** Schemes that a browser runs, shows or opens by itself instead of handing the answer to an application. */
const dangerous = new Set([
  'about:',
  'blob:',
  'chrome:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'intent:',
  'jar:',
  'javascript:',
  'mailto:',
  'resource:',
  'sms:',
  'tel:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
])

/** RFC 6749 §3.1.2, RFC 9700 §4.1.3: an absolute URI that is safe to send an answer to, whatever the application. */
export const redirectUri: Rule<string> = {
  expects: 'an absolute URI without fragment, user name or wildcard',
  parse(value, settings) {
    const url = parseUri(value, settings)
    const uri = value as string // parseUri has seen that it is one
    if (dangerous.has(url.protocol))
      throw new Refused('expected https, loopback http or a private-use scheme')
    if (uri.includes('#')) throw new Refused('expected no fragment')
    if (url.username !== '' || url.password !== '')
      throw new Refused('expected no user name or password')
    if (uri.includes('*')) throw new Refused('expected no wildcard')
    return uri
  },
}

export type RedirectingApplication = {
  readonly application_type: 'web' | 'native'
  /** Whether an answer comes straight from the authorization endpoint (implicit or hybrid). */
  readonly implicit: boolean
}

/**
 * What is wrong with a redirect URI for this kind of application, or undefined where nothing is.
 * Native: RFC 8252 §7. Web: OpenID Connect Dynamic Client Registration 1.0 §2 for the implicit grant; where only
 * codes are sent, http on loopback too, because clients on the user's machine register that way.
 */
export function redirectUriProblem(
  uri: string,
  { application_type, implicit }: RedirectingApplication,
): string | undefined {
  const url = new URL(uri)
  if (url.protocol === 'https:') {
    const local = application_type === 'web' && implicit && isLoopback(url)
    return local ? 'expected a host other than localhost for the implicit grant' : undefined
  }
  if (url.protocol === 'http:') {
    if (!isLoopback(url)) return 'expected https; http only on localhost, 127.0.0.1 or [::1]'
    return application_type === 'web' && implicit
      ? 'expected https for the implicit grant'
      : undefined
  }
  return application_type === 'native'
    ? undefined
    : 'expected https for application_type web; a private-use scheme needs application_type native'
}
