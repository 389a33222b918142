import type { RegisteredClient } from '../client.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { ClientChange } from './change.ts'
import { changedMembers } from './changed-members.ts'
import type { RegistryEvent } from './registry-event.ts'

/** Maps a client's change to its event; undefined if it is not published, such as a rotation. */
export function clientEvent({ before, after, ...write }: ClientChange): RegistryEvent | undefined {
  if (after === undefined) {
    if (before === undefined) return undefined
    // A deletion leaves no item that could store its sequence.
    const sequence = getSequence(before) + 1
    const { stale_at } = before
    const detail = { ...about(before, write), sequence, ...omitUndefined({ stale_at }) }
    return { type: 'client.deleted', detail }
  }
  const detail = { ...about(after, write), sequence: getSequence(after) }
  if (before === undefined) {
    const { initial_access_token } = after
    const by = initial_access_token === undefined ? {} : { initial_access_token }
    const type = after.pending_at === undefined ? 'client.registered' : 'client.pending'
    return { type, detail: { ...detail, ...by } }
  }
  const changed = changedMembers(before, after)
  if (changed.length === 0) return undefined
  return { type: getDetailType(before, after, changed), detail: { ...detail, changed } }
}

function about(
  { client_id, iss, owner }: RegisteredClient,
  { id, time }: Pick<ClientChange, 'id' | 'time'>,
) {
  const owned = owner === undefined ? {} : omitUndefined({ owner, iss })
  return { version: 1, id, time, client_id, ...owned } as const
}

/** Clients stored before this field existed have no sequence. */
const getSequence = ({ sequence = 0 }: RegisteredClient): number => sequence

function getDetailType(
  before: RegisteredClient,
  after: RegisteredClient,
  changed: readonly string[],
) {
  const isDecided = before.pending_at !== undefined && after.pending_at === undefined
  if (isDecided && after.decision) return `client.${after.decision.outcome}` as const
  const [wasDisabled, isDisabled] = [before, after].map(
    (client) => client.disabled_at !== undefined,
  )
  if (wasDisabled !== isDisabled) return isDisabled ? 'client.disabled' : 'client.enabled'
  const [wasStale, isStale] = [before, after].map((client) => client.stale_at !== undefined)
  if (wasStale !== isStale) return isStale ? 'client.stale' : 'client.revived'
  const hasNewSecret = changed.includes('client_secret') && after.secret_digest !== undefined
  return hasNewSecret && changed.every(isOfSecret) ? 'client.secret_renewed' : 'client.updated'
}

const isOfSecret = (member: string): boolean =>
  ['client_secret', 'client_secret_expires_at', 'previous_client_secret_expires_at'].includes(
    member,
  )
