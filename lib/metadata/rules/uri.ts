import type { Settings } from '../../settings/schema.ts'
import { isLoopback } from './loopback.ts'
import { InvalidValue, rule } from './rule.ts'

/** RFC 3986 §2: the characters of a URI. A percent sign must be followed by two hex digits. */
const uriCharacters = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/

const authority = /^https?:\/\/([^/?#]+)([^?#]*)/i

/** A port without a leading zero, which a parser would remove. */
const port = /:(?:0|[1-9]\d*)$/

/**
 * RFC 1123 §2.1, plus the underscore that some names contain: labels separated by single dots, no
 * trailing dot.
 */
const dnsName = /^(?!.{254})(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.(?!$)|$))+$/

/**
 * Parses an absolute URI. It is checked with the platform's parser and also as the original string,
 * so that nothing which the parser would normalize (backslashes, white space, `https:///host`,
 * `/../`, other spellings of a host) is accepted. Throws InvalidValue.
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
  if (sent.includes('@')) throw new InvalidValue('expected no username or password')
  const host = sent.replace(port, '').toLowerCase()
  if (host !== url.hostname || !(host.startsWith('[') || dnsName.test(host)))
    throw new InvalidValue('expected a host and port in their canonical spelling')
  if ((path || '/') !== url.pathname) throw new InvalidValue('expected a path without dot segments')
}

/** A web page or an image. */
export const httpUri = rule('an http or https URL', (value, settings) =>
  accept(value, parseUri(value, settings), /^https?:/),
)

/** A URL that a server fetches, or to which it redirects a browser. */
export const httpsUri = rule('an https URL without fragment', (value, settings) =>
  accept(value, parseUri(value, settings), /^https:[^#]*$/),
)

/**
 * A URL that the client serves. Plain http is allowed only on loopback, where the traffic does not
 * leave the machine.
 */
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

/** Returns the URI as sent if it matches the pattern, with its scheme compared in lower case. */
const accept = (value: unknown, { protocol }: URL, pattern: RegExp): string | undefined => {
  const uri = String(value) // checked by parseUri
  return pattern.test(protocol + uri.slice(protocol.length)) ? uri : undefined
}
