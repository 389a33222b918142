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
    return { type: 'client.deleted', detail: { ...about(before, write), sequence } }
  }
  const detail = { ...about(after, write), sequence: getSequence(after) }
  if (before === undefined) {
    const { initial_access_token } = after
    const by = initial_access_token === undefined ? {} : { initial_access_token }
    return { type: 'client.registered', detail: { ...detail, ...by } }
  }
  const changed = changedMembers(before, after)
  if (changed.length === 0) return undefined
  return { type: getDetailType(before, after), detail: { ...detail, changed } }
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

function getDetailType(before: RegisteredClient, after: RegisteredClient) {
  const [was, is] = [before.disabled_at !== undefined, after.disabled_at !== undefined]
  if (was === is) return 'client.updated'
  return is ? 'client.disabled' : 'client.enabled'
}
