import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { isPublicAddress } from '../../lib/metadata/rules/public-address.ts'
import { isPublicElsewhere, unallocated } from './addresses.ts'
import { properties } from './properties.ts'
import { edges } from './ranges.ts'
import { explained, hosts } from './targets.ts'

describe('a parser of untrusted input', () => {
  test.each(properties.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    const { accepted, failure } = await run({ cases: 1_000, seed: 1 })
    expect(failure).toBeUndefined()
    expect(accepted).toBeGreaterThan(10)
    expect(accepted).toBeLessThan(1_000)
  })
})

describe('each difference from another parser that is explained', () => {
  test.each(explained)('exists: $why', ({ example, spell }) => {
    const [one = '', other = ''] = hosts(example)
    expect(one).not.toBe(other)
    expect(spell(one)).toBe(spell(other))
  })

  test.each(Object.entries(unallocated))('exists: %s is %s', (range) => {
    const [network] = ipaddr.parseCIDR(range)
    const inside = network.toString() === '::' ? '1::' : network.toString()
    expect(ipaddr.parse(inside).range()).toBe('unicast')
    expect(isPublicAddress(inside)).toBe(false)
  })
})

describe('this service and ipaddr.js call the same addresses public', () => {
  const every = Array.from({ length: 2 ** 16 }, (_, index) => index)
  const differing = (addresses: readonly string[]) =>
    addresses.filter((address) => isPublicAddress(address) !== isPublicElsewhere(address))

  test('at both ends of every IPv4 block of 65,536 addresses', () => {
    const blocks = every.map((index) => `${index >> 8}.${index & 255}`)
    expect(differing(blocks.flatMap((block) => [`${block}.0.0`, `${block}.255.255`]))).toEqual([])
  })

  test('at both ends of every IPv6 block of 16 bits', () => {
    const blocks = every.map((index) => index.toString(16))
    const last = ':ffff:ffff:ffff:ffff:ffff:ffff:ffff'
    expect(differing(blocks.flatMap((block) => [`${block}::`, `${block}${last}`]))).toEqual([])
  })

  test('around both ends of every range that ipaddr.js knows', () => {
    expect(edges.length).toBeGreaterThan(160)
    expect(differing(edges)).toEqual([])
  })
})
