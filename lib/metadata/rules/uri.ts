import type { Settings } from '../../settings/schema.ts'
import { isLoopback } from './loopback.ts'
import { InvalidValue, rule } from './rule.ts'

/** RFC 3986 §2: what a URI may be written with; a percent sign only before two hex digits. */
const uriCharacters = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/

const authority = /^https?:\/\/([^/?#]+)([^?#]*)/i

/** A port without a leading zero, which a parser would drop. */
const port = /:(?:0|[1-9]\d*)$/

/** RFC 1123 §2.1, with the underscore that some names have: labels between single dots, none at the end. */
const dnsName = /^(?!.{254})(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.(?!$)|$))+$/

/**
 * Parses an absolute URI, judged by the platform's parser and on the string as sent, so that nothing
 * the parser would repair (backslashes, white space, `https:///host`, `/../`, other spellings of a host) gets through.
 * Throws Refused.
 */
export function parseUri(value: unknown, { limits }: Settings): URL {
  if (typeof value !== 'string' || value === '') throw new InvalidValue('expected an absolute URI')
  if (value.length > limits.uriLength)
    throw new InvalidValue(`expected at most ${limits.uriLength} characters`)
  if (!uriCharacters.test(value))
    throw new InvalidValue('expected an absolute URI as RFC 3986 writes it')
  if (/%[01][0-9a-f]|%7f/i.test(value)) throw new InvalidValue('expected no control characters')
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined) throw new InvalidValue('expected an absolute URI')
  if (url.protocol === 'http:' || url.protocol === 'https:') checkAsSent(value, url)
  return url
}

function checkAsSent(value: string, url: URL): void {
  const [, sent, path] = authority.exec(value) ?? []
  if (sent === undefined || path === undefined) throw new InvalidValue('expected `scheme://host`')
  if (sent.includes('@')) throw new InvalidValue('expected no user name or password')
  const host = sent.replace(port, '').toLowerCase()
  if (host !== url.hostname || !(host.startsWith('[') || dnsName.test(host)))
    throw new InvalidValue('expected a host and port in their canonical spelling')
  if ((path || '/') !== url.pathname) throw new InvalidValue('expected a path without dot segments')
}

/** A page or picture on the web. */
export const httpUri = rule('an http or https URL', (value, settings) =>
  accept(value, parseUri(value, settings), /^https?:/),
)

/** What a server asks for, or sends a browser to. */
export const httpsUri = rule('an https URL without fragment', (value, settings) =>
  accept(value, parseUri(value, settings), /^https:[^#]*$/),
)

/** What a client serves itself: over http only on loopback, where nothing is between it and the server. */
export const clientUri = rule(
  'an https URL without fragment, or http on loopback',
  (value, settings) => {
    const url = parseUri(value, settings)
    return accept(value, url, isLoopback(url) ? /^https?:[^#]*$/ : /^https:[^#]*$/)
  },
)

/** Any absolute URI, such as the subject of a certificate. */
export const absoluteUri = rule('an absolute URI', (value, settings) =>
  accept(value, parseUri(value, settings), /:/),
)

/** A URI as it was sent, where its scheme in lower case and the rest of it match. */
const accept = (value: unknown, { protocol }: URL, pattern: RegExp): string | undefined => {
  const uri = String(value) // parseUri has seen that it is a string
  return pattern.test(protocol + uri.slice(protocol.length)) ? uri : undefined
}
