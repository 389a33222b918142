import type { Change } from './change.ts'
import { clientEvent } from './client-event.ts'
import { initialAccessTokenEvent } from './initial-access-token-event.ts'
import type { RegistryEvent } from './registry-event.ts'

/** What is published of a change; undefined where nobody else need know. Picks named members: no other can slip through. */
export const toEvent = (change: Change): RegistryEvent | undefined =>
  change.entity === 'client' ? clientEvent(change) : initialAccessTokenEvent(change)
