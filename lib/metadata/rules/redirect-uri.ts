import type { Settings } from '../../settings/schema.ts'
import { isLoopback } from './loopback.ts'
import { InvalidValue, type Rule } from './rule.ts'
import { isSystemScheme } from './system-schemes.ts'
import { parseUri } from './uri.ts'

/** The start of a URI without a scheme: a parser would take the host for the scheme. */
const hostAndPort = /^[^:/?#]+:\d+(?:[/?#]|$)/

/**
 * RFC 6749 §3.1.2, RFC 9700 §4.1.3: an absolute URI that is a safe redirect target for any
 * application type.
 */
export const redirectUri: Rule<string> = {
  expects: 'an absolute URI without fragment, username or wildcard',
  parse(value, settings) {
    if (typeof value === 'string' && value.includes('*'))
      throw new InvalidValue('wildcards are not allowed; expected each URI in full')
    if (typeof value === 'string' && hostAndPort.test(value))
      throw new InvalidValue('expected a scheme before the host, such as https://')
    const url = parseUri(value, settings)
    const uri = value as string // checked by parseUri
    const scheme = url.protocol.slice(0, -1)
    if (isSystemScheme(scheme))
      throw new InvalidValue('expected https, loopback http or a private-use scheme')
    if (uri.includes('#')) throw new InvalidValue('expected no fragment')
    if (url.username !== '' || url.password !== '' || /^[^:]+:\/\/[^/?]*@/.test(uri))
      throw new InvalidValue('expected no username or password')
    if (uri.length === url.protocol.length) throw new InvalidValue('expected more than a scheme')
    checkAllowed(url, settings)
    return uri
  },
}

/** Applies the settings' restrictions: hosts (except loopback) and private-use schemes. */
function checkAllowed(url: URL, { metadata: { redirectUris } }: Settings): void {
  const { hosts, schemes, reverseDomainSchemes } = redirectUris
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  if (isWeb) {
    if (hosts === undefined || isLoopback(url) || hosts.some((host) => matchesHost(host, url)))
      return
    throw new InvalidValue(`expected a host among ${hosts.join(', ')}`)
  }
  const scheme = url.protocol.slice(0, -1)
  if (schemes !== undefined && !schemes.includes(scheme))
    throw new InvalidValue(`expected a scheme among ${['https', ...schemes].join(', ')}`)
  // RFC 8252 §7.1: "apps MUST use a URI scheme based on a domain name under their control,
  // expressed in reverse order"
  if (reverseDomainSchemes && !scheme.includes('.'))
    throw new InvalidValue('expected a private-use scheme that is a domain name in reverse order')
}

/**
 * Whether responses go to an application on the user's machine, not to a web server (RFC 8252
 * §7.1).
 */
export const hasPrivateUseScheme = (uris: readonly string[]): boolean =>
  uris.some((uri) => !/^https?:/i.test(uri))

/** Whether the URL's host equals this host or, if it starts with a dot, is a subdomain of it. */
const matchesHost = (host: string, { hostname }: URL): boolean =>
  host.startsWith('.') ? hostname.endsWith(host) : hostname === host
