import type { RegisteredClient } from '../client.ts'
import type { Change, ClientChange, InitialAccessTokenChange } from './change.ts'
import { presentMembers } from './changed-members.ts'
import { clientEvent } from './client-event.ts'
import { initialAccessTokenEvent } from './initial-access-token-event.ts'
import type { RegistryEvent } from './registry-event.ts'

/**
 * Maps an item's current state to an event, to replace lost events. A consumer that missed one
 * reads the item again; others ignore the event by its `sequence`. The same state has the same
 * `id`.
 */
export const snapshotEvent = (change: Change): RegistryEvent | undefined =>
  change.entity === 'client' ? clientState(change) : initialAccessTokenState(change)

function clientState({ after, time }: ClientChange): RegistryEvent | undefined {
  if (after === undefined) return undefined
  const { client_id, sequence } = after
  const id = `client ${client_id} at ${sequence}`
  const registered = clientEvent({ id, time, before: undefined, after })
  const isRegistration =
    registered?.type === 'client.registered' || registered?.type === 'client.pending'
  if (!isRegistration || sequence === 1) return registered
  const { initial_access_token: _, ...detail } = registered.detail
  return { type: stateType(after), detail: { ...detail, changed: presentMembers(after) } }
}

function stateType({ disabled_at, stale_at }: RegisteredClient) {
  if (disabled_at !== undefined) return 'client.disabled'
  return stale_at === undefined ? 'client.enabled' : 'client.stale'
}

function initialAccessTokenState({ after, time }: InitialAccessTokenChange) {
  if (after === undefined) return undefined
  const { max_uses = 0, uses_left } = after
  const id = `initial access token ${after.id} at ${uses_left}`
  // Compare with the token as issued, so that the consumed uses are published.
  const issued = { ...after, uses_left: max_uses }
  const before = max_uses === (uses_left ?? 0) ? undefined : issued
  return initialAccessTokenEvent({ id, time, before, after, expired: false })
}
