import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import type { isPublicAddress } from '../../metadata/rules/public-address.ts'

/** Resolves a hostname to all of its addresses. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true })

/** The hostname resolves to an address that is not public, or to none. */
export class NonPublicAddressError extends Error {}

/**
 * The DNS lookup of one connection. The connection uses the addresses that were checked here, which
 * prevents DNS rebinding. If one address is not public, the lookup fails.
 */
export const publicLookup =
  (resolve: Resolve, isAllowed: typeof isPublicAddress): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined || !addresses.every(({ address }) => isAllowed(address)))
          return callback(new NonPublicAddressError('the host has no public address'), [])
        if (options.all) return callback(null, [...addresses])
        return callback(null, first.address, first.family)
      },
      (cause: NodeJS.ErrnoException) => callback(cause, []),
    )
  }
