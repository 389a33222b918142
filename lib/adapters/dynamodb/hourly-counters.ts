import type { Consumable } from '../../ports/consumable.ts'
import { sha256 } from '../../tokens/token.ts'
import { hourKey } from './table.ts'

/** A limit of registrations in an hour: in all, or for one redirect host. */
export type Hourly = Extract<Consumable, { kind: 'anonymous_client' | 'redirect_host' }>

export const isHourly = (consumable: Consumable): consumable is Hourly =>
  consumable.kind === 'anonymous_client' || consumable.kind === 'redirect_host'

/** One of the counters of a limit, with its part of it. */
export type Counter = { readonly pk: string; readonly max: number }

const minPart = 250
const maxCounters = 8

/**
 * The counters of a limit: one for each 250 registrations, at most eight, so that none is hot. Their
 * parts add up to the limit.
 */
export function countersOf(hourly: Hourly): readonly Counter[] {
  const { hour, max } = hourly
  const host = hourly.kind === 'redirect_host' ? hostDigest(hourly.host) : undefined
  const count = Math.min(maxCounters, Math.max(1, Math.floor(max / minPart)))
  return Array.from({ length: count }, (_, index) => ({
    ...hourKey(hour, host, index),
    max: Math.floor((max + index) / count),
  }))
}

/** A host has no length limit here, but a DynamoDB key has one. */
const hostDigest = (host: string): string =>
  Buffer.from(sha256(host).subarray(0, 16)).toString('base64url')

/**
 * Chooses counters, and remembers which are full: they only grow, until their hour ends. So a
 * registration is rejected only when every counter of the limit is full, and after that without a
 * request.
 */
export function hourlyCounters() {
  let currentHour = 0
  /** The count at which a counter is known to stand, or above. */
  const full = new Map<string, number>()
  return {
    /** A counter that is not known to be full, by chance; undefined if there is none. */
    choose(hourly: Hourly): Counter | undefined {
      if (hourly.hour > currentHour) {
        currentHour = hourly.hour
        full.clear()
      }
      const left = countersOf(hourly).filter(({ pk, max }) => max > (full.get(pk) ?? 0))
      return left[Math.floor(Math.random() * left.length)]
    },
    markFull: ({ pk, max }: Counter) => full.set(pk, max),
  }
}

export type HourlyCounters = ReturnType<typeof hourlyCounters>
