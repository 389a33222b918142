import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isPublicAddress } from '../../lib/metadata/rules/public-address.ts'
import { publicHttpsUri } from '../../lib/metadata/rules/public-uri.ts'
import { redirectUri } from '../../lib/metadata/rules/redirect-uri.ts'
import { InvalidValue, type Rule } from '../../lib/metadata/rules/rule.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import { isPublicElsewhere } from './addresses.ts'
import { fuzzed } from './fuzzed.ts'
import { byUrl, compare } from './targets.ts'

const settings = parseSettings({})

/** The accepted URI; undefined if the rule rejects it. */
function parse(rule: Rule<string>, value: unknown): string | undefined {
  try {
    return rule.parse(value, settings)
  } catch (error) {
    assert(error instanceof InvalidValue, error instanceof Error ? error : String(error))
    return undefined
  }
}

const parts = fc.constantFrom(
  ...[
    'https:',
    'http:',
    'HTTPS:',
    'app:',
    'com.example.app:',
    'javascript:',
    '/',
    '//',
    '///',
    '\\',
  ],
  ...['client.example', 'Client.Example', 'localhost', '127.0.0.1', '127.1', '8.8.8.8', '0x7f.1'],
  ...['[::1]', '[2001:DB8::1]', '[2606:4700::1]', '[::ffff:1.2.3.4]', '[', ']', '1e3', '010'],
  ...[
    'xn--bcher-kva.example',
    'evil.example',
    'é',
    '。',
    'ß',
    '\u00ad',
    '%2f',
    '%40',
    '%5B',
    '%00',
  ],
  ...[
    '%7e',
    '%c3%a9',
    '%2e',
    '%',
    '@',
    ':',
    ':443',
    ':80',
    ':8080',
    ':00',
    ':65536',
    '?',
    '#',
    ';',
  ],
  ...[
    '=',
    '&',
    'a',
    'Z',
    '..',
    '.',
    '/..',
    '/./',
    '*',
    ' ',
    '\t',
    '\n',
    '_',
    '-',
    '+',
    '~',
    '|',
    '!',
  ],
  ...['$', "'", '(', ')', ',', '^', '`', '"', '<', '>', '{', '}', '\u0000', '\ud800'],
)
const starts = fc.constantFrom(
  'https://',
  'http://',
  'com.example.app:/',
  'com.example.app://',
  'app:',
  'a+b-c.d:',
)
const authorities = fc.constantFrom(
  ...['client.example', 'localhost', 'a.localhost', '127.0.0.1', '[::1]', '[2606:4700::1]'],
  ...['[::ffff:a00:1]', '8.8.8.8', '10.0.0.1', '169.254.169.254', '1.2.3', ''],
)
const paths = fc.constantFrom(
  '',
  '/',
  '/a%2fb/',
  ':8443/a?b#c',
  ':443',
  '/../',
  '@evil.example',
  '.',
)
const joined = (maxLength: number) => fc.array(parts, { maxLength }).map((list) => list.join(''))
const uris = fc.oneof(
  { arbitrary: fc.tuple(starts, authorities, paths).map((list) => list.join('')), weight: 20 },
  { arbitrary: fc.tuple(starts, authorities, joined(4)).map((list) => list.join('')), weight: 40 },
  { arbitrary: fc.tuple(starts, joined(6)).map((list) => list.join('')), weight: 40 },
  { arbitrary: joined(10), weight: 20 },
  { arbitrary: fc.webUrl({ withQueryParameters: true, withFragments: true }), weight: 10 },
  { arbitrary: fc.anything(), weight: 2 },
  {
    arbitrary: fc
      .tuple(starts, parts, fc.nat(8_192))
      .map(([start, part, length]) => start + part.repeat(length / part.length)),
    weight: 2,
  },
)

const calledUris = fc.oneof(
  uris,
  fc.tuple(authorities, paths, joined(1)).map((list) => `https://${list.join('')}`),
)

export const uriRules = [
  fuzzed(
    'a redirect URI is rejected, or kept as it is, and every parser reads one target',
    uris,
    (value) => {
      const uri = parse(redirectUri, value)
      if (uri === undefined) return false
      assert.equal(uri, value)
      assert.match(uri, /^[!-~]+$/)
      assert(!/[*#\\]/.test(uri) && !byUrl(uri).host.includes('@'))
      compare(uri)
      return true
    },
  ),
  fuzzed(
    'a URI that the service calls is https on a public host for every parser',
    calledUris,
    (value) => {
      const uri = parse(publicHttpsUri, value)
      if (uri === undefined) return false
      assert.equal(uri, value)
      compare(uri)
      const { scheme, host } = byUrl(uri)
      assert.equal(scheme, 'https')
      assert(!/(^|\.)localhost\.?$/.test(host))
      const isAddress = host.includes(':') || /^[\d.]+$/.test(host)
      if (isAddress) assert(isPublicAddress(host) && isPublicElsewhere(host))
      return true
    },
  ),
]
