import type { RegisteredClient } from '../client.ts'
import type { RegistrationMethod } from '../registration-source.ts'
import type { Settings } from '../settings/schema.ts'

type CleanUp = Settings['cleanUp']

/** Whether clean-up covers clients that were registered in this way. */
export const isCovered = (
  method: RegistrationMethod | undefined,
  { mode, registeredBy }: CleanUp,
): boolean => mode !== 'off' && method !== undefined && registeredBy.includes(method)

/**
 * When clean-up first looks at a new client; empty if it does not cover it. Unix seconds.
 * `isPending` says that it awaits approval.
 */
export function firstDue(
  method: RegistrationMethod,
  now: number,
  cleanUp: CleanUp,
  isPending: boolean,
): Pick<RegisteredClient, 'due_at'> {
  const { neverUsedAfter, undecidedAfter } = cleanUp
  const period = isPending ? Math.min(neverUsedAfter, undecidedAfter) : neverUsedAfter
  return isCovered(method, cleanUp) ? { due_at: now + period } : {}
}

/**
 * When clean-up makes a client stale, or deletes one that still awaits approval, in Unix seconds:
 * nobody could use that one.
 */
export const actsFrom = (
  client: Pick<RegisteredClient, UseTimes | 'client_id_issued_at' | 'pending_at'>,
  cleanUp: CleanUp,
): number =>
  client.pending_at === undefined
    ? staleFrom(client, cleanUp)
    : client.client_id_issued_at + cleanUp.undecidedAfter

/**
 * When the last recorded use of a client has been long enough ago for it to become stale, in Unix
 * seconds. `due_at` has passed for a client that was never used. One that awaited approval could not
 * be used before the decision.
 */
export function staleFrom(
  { last_used_at, due_at = 0, decision }: Pick<RegisteredClient, UseTimes>,
  { unusedAfter, neverUsedAfter }: CleanUp,
): number {
  if (last_used_at !== undefined) return last_used_at + unusedAfter
  return decision === undefined ? due_at : Math.max(due_at, decision.decided_at + neverUsedAfter)
}

type UseTimes = 'last_used_at' | 'due_at' | 'decision'

/** What clean-up will do to a client that is not used. Times are Unix seconds. */
export type CleanUpTimes = {
  /** The night after this time makes it stale. */
  readonly stale_after?: number
  /** It is stale, and the night after this time deletes it. */
  readonly deleted_after?: number
}

/**
 * When clean-up next changes a client that is not used until then; empty if it does not cover the
 * client. Clean-up does not look at a client before `due_at`.
 */
export function cleanUpTimes(
  client: Pick<RegisteredClient, UseTimes | 'registration_method' | 'stale_at' | 'pending_at'>,
  cleanUp: CleanUp,
): CleanUpTimes {
  const { registration_method, due_at, stale_at, pending_at } = client
  if (due_at === undefined || pending_at !== undefined || !isCovered(registration_method, cleanUp))
    return {}
  return stale_at === undefined
    ? { stale_after: Math.max(staleFrom(client, cleanUp), due_at) }
    : { deleted_after: due_at }
}
