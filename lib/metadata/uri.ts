import type { Settings } from '../settings/settings.ts'
import { Refused, type Rule } from './rule.ts'

/** RFC 3986 §2: what a URI may be written with; a percent sign only before two hex digits. */
const written = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/

const authority = /^https?:\/\/([^/?#]+)([^?#]*)/i

/**
 * Parses an absolute URI, judged by the platform's parser and on the string as sent, so that nothing
 * the parser would repair (backslashes, white space, `https:///host`, `/../`, other spellings of a host) gets through.
 * Throws Refused.
 */
export function parseUri(value: unknown, { limits }: Settings): URL {
  if (typeof value !== 'string' || value === '') throw new Refused('expected an absolute URI')
  if (value.length > limits.uriLength)
    throw new Refused(`expected at most ${limits.uriLength} characters`)
  if (!written.test(value)) throw new Refused('expected an absolute URI as RFC 3986 writes it')
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined) throw new Refused('expected an absolute URI')
  if (url.protocol === 'http:' || url.protocol === 'https:') checkAsSent(value, url)
  return url
}

function checkAsSent(value: string, url: URL): void {
  const [, sent, path] = authority.exec(value) ?? []
  if (sent === undefined || path === undefined)
    throw new Refused('expected // and a host after the scheme')
  if (sent.includes('@')) throw new Refused('expected no user name or password')
  const host = sent.replace(/:\d*$/, '').toLowerCase()
  if (host !== url.hostname) throw new Refused('expected a host in its canonical spelling')
  if ((path || '/') !== url.pathname) throw new Refused('expected a path without dot segments')
}

/** The hosts that never leave the machine (RFC 8252 §7.3, §8.3). */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'

function web(schemes: readonly string[], expects: string): Rule<string> {
  return {
    expects,
    parse(value, settings) {
      const url = parseUri(value, settings)
      if (!schemes.includes(url.protocol)) throw new Refused(`expected ${expects}`)
      return value as string // parseUri has seen that it is one
    },
  }
}

/** A page or picture on the web. */
export const webUri = web(['https:', 'http:'], 'an http or https URL')

export const httpsUri = web(['https:'], 'an https URL')
