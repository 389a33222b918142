import type { Change } from './change.ts'
import { clientEvent } from './client-event.ts'
import { initialAccessTokenEvent } from './initial-access-token-event.ts'
import type { RegistryEvent } from './registry-event.ts'

/** Maps a change to its event; undefined if not published. Copies allowlisted members only. */
export const toEvent = (change: Change): RegistryEvent | undefined =>
  change.entity === 'client' ? clientEvent(change) : initialAccessTokenEvent(change)
