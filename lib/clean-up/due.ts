import type { RegisteredClient } from '../client.ts'
import type { RegistrationMethod } from '../registration-source.ts'
import type { Settings } from '../settings/schema.ts'

type CleanUp = Settings['cleanUp']

/** Whether clean-up covers clients that were registered in this way. */
export const isCovered = (
  method: RegistrationMethod | undefined,
  { mode, registeredBy }: CleanUp,
): boolean => mode !== 'off' && method !== undefined && registeredBy.includes(method)

/** When clean-up first looks at a new client; empty if it does not cover it. Unix seconds. */
export const firstDue = (
  method: RegistrationMethod,
  now: number,
  cleanUp: CleanUp,
): Pick<RegisteredClient, 'due_at'> =>
  isCovered(method, cleanUp) ? { due_at: now + cleanUp.neverUsedAfter } : {}

/**
 * When the last recorded use of a client has been long enough ago for it to become stale, in Unix
 * seconds. `due_at` has passed for a client that was never used.
 */
export const staleFrom = (
  { last_used_at, due_at = 0 }: Pick<RegisteredClient, 'last_used_at' | 'due_at'>,
  { unusedAfter }: CleanUp,
): number => (last_used_at === undefined ? due_at : last_used_at + unusedAfter)
