import assert from 'node:assert/strict'
import fastUri from 'fast-uri'

/** Scheme, host and port as a parser reads them. */
type Target = { readonly scheme: string; readonly host: string; readonly port: string }

/** What the platform's parser reads. */
export function byUrl(uri: string): Target {
  const { protocol, hostname, port } = new URL(uri)
  return { scheme: protocol.slice(0, -1), host: hostname.replace(/^\[|\]$/g, ''), port }
}

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

function byFastUri(uri: string): Target {
  const { scheme = '', host = '', port = '', error } = fastUri.parse(uri)
  assert.equal(error, undefined)
  return { scheme, host, port: `${port}` === defaultPorts[scheme] ? '' : `${port}` }
}

const isWeb = ({ scheme }: Target) => scheme === 'http' || scheme === 'https'

/**
 * How fast-uri spells the host of a private-use URI where URL leaves it as it was sent, or the other
 * way round. The host is the same (RFC 3986 §6.2.2). Web hosts have no such difference.
 */
export const explained: readonly { why: string; example: string; spell(host: string): string }[] = [
  {
    why: 'fast-uri decodes unreserved characters, and writes other percent encodings in upper case',
    example: 'com.example.app://a%7eb%2fc/',
    spell: (host) =>
      host.replaceAll(/%../g, (encoded) => {
        const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
        return /[\w.~-]/.test(character) ? character : encoded.toUpperCase()
      }),
  },
  {
    why: 'fast-uri writes letters in lower case',
    example: 'com.example.app://Callback/',
    spell: (host) =>
      host.replaceAll(/%..|[A-Z]/g, (part) => (part[0] === '%' ? part : part.toLowerCase())),
  },
  {
    why: 'URL writes an IPv4 address in an IPv6 address in hexadecimal',
    example: 'com.example.app://[::ffff:192.0.2.1]/',
    spell: (host) =>
      host.includes('::') && host.includes('.')
        ? new URL(`http://[${host}]`).hostname.slice(1, -1)
        : host,
  },
]

const spelled = (target: Target): Target => ({
  ...target,
  host: explained.reduce((host, { spell }) => spell(host), target.host),
})

/** Throws if two parsers read another target from an accepted URI. */
export function compare(uri: string): void {
  const [one, other] = [byUrl(uri), byFastUri(uri)]
  if (isWeb(one)) assert.deepEqual(one, other)
  else assert.deepEqual(spelled(one), spelled(other))
}

/** The host of a URI, as each parser spells it. */
export const hosts = (uri: string) => [byUrl(uri).host, byFastUri(uri).host]
