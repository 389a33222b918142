import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import type { isPublicAddress } from './public-address.ts'

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true })

/** A name that does not resolve to public addresses only. */
export class NonPublicAddressError extends Error {}

/**
 * The lookup of one connection: it connects to the very addresses that were judged here, so that a name which answers
 * differently the next time gains nothing. One address that is not public refuses them all.
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
