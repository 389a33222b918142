import type { LookupAddress } from 'node:dns'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import {
  NonPublicAddressError,
  publicLookup,
} from '../../../../lib/adapters/https/public-lookup.ts'

const addresses: readonly LookupAddress[] = [
  { address: '192.0.2.1', family: 4 },
  { address: '2001:db8::1', family: 6 },
]

test('a connection gets all addresses of a host, or the first, as it asks', async () => {
  const lookup = promisify(
    publicLookup(
      async () => addresses,
      () => true,
    ),
  )
  expect(await lookup('a.example', { all: true })).toEqual(addresses)
  expect(await lookup('a.example', {})).toBe('192.0.2.1')
})

test('a connection gets no address if one is not public, if there is none, or on an error', async () => {
  const oneInternal = promisify(
    publicLookup(
      async () => addresses,
      (address) => address !== '2001:db8::1',
    ),
  )
  await expect(oneInternal('a.example', {})).rejects.toThrow(NonPublicAddressError)
  const none = promisify(
    publicLookup(
      async () => [],
      () => true,
    ),
  )
  await expect(none('a.example', {})).rejects.toThrow('the host has no public address')
  const failing = promisify(
    publicLookup(
      () => Promise.reject(new Error('ENOTFOUND')),
      () => true,
    ),
  )
  await expect(failing('a.example', {})).rejects.toThrow('ENOTFOUND')
})
