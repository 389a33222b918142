import type { Item } from './client-item.ts'

/** The token is the one presented, has a use left, and is unexpired (time to live only cleans up). */
export const isConsumable = 'token_digest = :presented AND uses_left > :none AND expires_at > :now'

/** The same of an item that was read, its digest apart. */
export const isStillConsumable = (item: Item | undefined, now: number): boolean =>
  Number(item?.uses_left) > 0 && Number(item?.expires_at) > now
