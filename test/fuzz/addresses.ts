import assert from 'node:assert/strict'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { isPublicAddress } from '../../lib/metadata/rules/public-address.ts'
import { fuzzed } from './fuzzed.ts'
import { edges } from './ranges.ts'

/** Ranges that ipaddr.js calls unicast where it knows nothing of them, and this service rejects. */
export const unallocated = {
  '::/3': 'not allocated (RFC 4291 §2.4: only 2000::/3 is)',
  '4000::/2': 'not allocated',
  '8000::/1': 'not allocated',
}

const rejected = Object.keys(unallocated).map((range) => ipaddr.IPv6.parseCIDR(range))

/** Whether ipaddr.js calls an address public, except for the ranges above. */
export function isPublicElsewhere(text: string): boolean {
  const address = ipaddr.parse(text)
  const isRejected = rejected.some((range) => address.kind() === 'ipv6' && address.match(range))
  return address.range() === 'unicast' && !isRejected
}

function compare(text: string): boolean {
  const isPublic = isPublicAddress(text)
  assert.equal(isPublic, isPublicElsewhere(text), ipaddr.parse(text).range())
  return isPublic
}

const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 10, 100, 127, 128, 172, 192, 198, 255))
const ipv4 = fc.oneof(
  { arbitrary: fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.')), weight: 4 },
  { arbitrary: fc.constantFrom(...edges.filter((edge) => !edge.includes(':'))), weight: 1 },
)

const group = fc.oneof(
  fc.nat(0xffff),
  fc.constantFrom(0, 1, 2, 0x10, 0x1ff, 0x200, 0xdb8, 0x2001, 0x2002, 0x2620, 0x4f, 0x3fff, 0x64),
  fc.constantFrom(0xff9b, 0xffff, 0xfc00, 0xfe80, 0xfec0, 0x8000, 0x7f00, 0xa9fe),
)
const global = fc.tuple(
  fc.integer({ min: 0x2000, max: 0x3fff }),
  fc.array(group, { minLength: 7, maxLength: 7 }),
)
const groups = fc.oneof(
  fc
    .constantFrom(...edges.filter((edge) => edge.includes(':')))
    .map((edge) => ipaddr.IPv6.parse(edge).parts),
  fc.array(group, { minLength: 8, maxLength: 8 }),
  global.map(([first, others]) => [first, ...others]),
)
/** The spellings of RFC 4291 §2.2. */
const ipv6 = fc.tuple(groups, fc.nat(2)).map(([parts, spelling]) => {
  const text = parts.map((part) => part.toString(16)).join(':')
  if (spelling === 0) return text
  return spelling === 1 ? new ipaddr.IPv6(parts).toString() : text.toUpperCase()
})

const characters = fc.constantFrom(
  ...'0123456789abcdef',
  'x',
  ...'F.:%[]/-+ \u0000\u0660',
  '::',
  '127',
  'ffff',
)
const texts = fc.oneof(
  { arbitrary: fc.array(characters, { maxLength: 20 }).map((parts) => parts.join('')), weight: 20 },
  {
    arbitrary: fc.tuple(fc.oneof(ipv4, ipv6), characters).map((parts) => parts.join('')),
    weight: 10,
  },
  {
    arbitrary: fc.tuple(characters, fc.nat(8_192)).map(([part, times]) => part.repeat(times)),
    weight: 1,
  },
)

export const addresses = [
  fuzzed('an IPv4 address is public exactly if ipaddr.js calls it unicast', ipv4, compare),
  fuzzed(
    'an IPv6 address is public exactly if ipaddr.js calls it allocated unicast',
    ipv6,
    compare,
  ),
  fuzzed('a text that is no address is not public', texts, (text) => {
    const isPublic = isPublicAddress(text)
    if (isPublic) assert(ipaddr.isValid(text) && isPublicElsewhere(text))
    return isPublic
  }),
]
