import type { CallContext, Effect, Part } from './operation.ts'
import { type ClientState, type State, withClient } from './state.ts'

const day = 86_400

export const startOfDay = (time: number): number => time - (time % day)

/** Whether a use on this day, or a later one, is recorded. */
export const isUseRecorded = ({ lastUsed }: ClientState, usedAt: number): boolean =>
  lastUsed !== undefined && lastUsed >= startOfDay(usedAt)

/** The state after a use is recorded, which revives a stale client. */
export function withUse(state: State, key: string, usedAt: number): State {
  const client = state.clients[key]
  if (client === undefined || isUseRecorded(client, usedAt)) return state
  const used = { ...client, lastUsed: usedAt, stale: undefined, sequence: client.sequence + 1 }
  return withClient(state, key, used)
}

/** Remembers whether a call that succeeds found its client stale: `revival` follows. */
export const revivesLater = (
  effects: readonly Effect[],
  { client: key }: { readonly client: string },
  { id, settings }: CallContext,
): readonly Effect[] =>
  settings.cleanUp.mode === 'off'
    ? effects
    : effects.map((effect) => {
        const isStale = 'response' in effect && effect.next.clients[key]?.stale === true
        const foundStale = { ...effect.next.foundStale, [id]: isStale }
        return { ...effect, next: { ...effect.next, foundStale } }
      })

/** The write by which a call revives the client that it found stale. */
export const revival =
  (key: string): Part =>
  (state, { id, now, settings }) => {
    if (settings.cleanUp.mode === 'off') return [state]
    const isStale = state.foundStale[id]
    if (isStale === undefined) return []
    return [isStale ? withUse(state, key, now) : state]
  }
