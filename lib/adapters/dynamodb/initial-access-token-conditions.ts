import type { Item } from './client-item.ts'

/**
 * The token matches, has uses left and is unexpired. Time to live deletes items late, so it cannot
 * enforce expiry.
 */
export const isConsumable = 'token_digest = :presented AND uses_left > :none AND expires_at > :now'

/** Evaluates the same condition, except for the digest, for an item that has already been read. */
export const isStillConsumable = (item: Item | undefined, now: number): boolean =>
  Number(item?.uses_left) > 0 && Number(item?.expires_at) > now
