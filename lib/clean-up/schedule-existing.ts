import { mapConcurrently } from '../concurrently.ts'
import type { Walk } from '../ports/clean-up-store.ts'
import { isCovered } from './due.ts'
import type { Night } from './night.ts'

const pageSize = 100
const maxWrites = 20
const day = 86_400

/**
 * Gives the clients that were registered before clean-up a time to be looked at, counted from now:
 * their earlier use was not recorded. Walks through all clients once, and again after
 * `registeredBy` changed or clean-up was off. Resolves to whether the walk has ended.
 */
export async function scheduleExisting(night: Night): Promise<boolean> {
  const { store, settings, now, counts, mayContinue } = night
  const { cleanUp } = settings
  const last = await store.readWalk()
  let walk = resumed(last, night)
  while (walk.part < store.parts) {
    if (!mayContinue()) return false
    const { clients, next } = await store.listAll(walk.part, walk.position, pageSize)
    const missing = clients.filter(
      ({ registration_method, due_at }) =>
        due_at === undefined && isCovered(registration_method, cleanUp),
    )
    await mapConcurrently(missing, maxWrites, ({ client_id }) =>
      store.schedule(client_id, now + cleanUp.neverUsedAfter),
    )
    counts.scheduled += missing.length
    const { position: _, ...others }: Walk = walk
    walk = next === undefined ? { ...others, part: walk.part + 1 } : { ...walk, position: next }
    await store.writeWalk(walk)
  }
  if (last?.part === walk.part && last.ran_at !== now) await store.writeWalk(walk)
  return true
}

/**
 * Where the last night stopped, or the beginning. After two days without a night, clean-up was off,
 * and clients that were registered in between have no such time.
 */
function resumed(last: Walk | undefined, { settings, now }: Night): Walk {
  const registered_by = [...settings.cleanUp.registeredBy].sort().join(' ')
  return last === undefined || last.registered_by !== registered_by || last.ran_at < now - 2 * day
    ? { registered_by, part: 0, ran_at: now }
    : { ...last, ran_at: now }
}
