import { mapConcurrently } from '../../lib/concurrently.ts'
import type { Connector, ListedClient } from './connector.ts'
import { type ReadClient, syncClient } from './sync-client.ts'

/** What one night found at one server: the number of clients by what differed. */
export type Drift = {
  /** Clients that the server lacked, and has now. */
  missing: number
  /** Clients that the server had otherwise, and has as they are now. */
  different: number
  /** Clients of this service that exist only at the server, and were removed there. */
  unknown: number
  /** Clients that could not be brought to their state. */
  failed: number
  /** Whether all clients were compared; otherwise the next night continues elsewhere. */
  finished: boolean
}

export type ReconciliationPorts = {
  readonly read: ReadClient
  /** The identifiers of all clients, page by page, in parts that are walked by themselves. */
  readonly parts: number
  listPart(
    part: number,
    from: string | undefined,
  ): Promise<{ readonly client_ids: readonly string[]; readonly next: string | undefined }>
  /** False if the time that is left does not suffice for one more page. */
  readonly mayContinue: () => boolean
  /** Logs a client that could not be brought to its state. */
  readonly onFailure: (client_id: string, error: unknown) => void
}

/** A registration is pushed before it is stored: until then the server alone has the client. */
const graceSeconds = 900

const maxPushes = 8
const pageSize = 25

/**
 * Compares the clients of a server with those of this service, and repairs what differs. It can be
 * interrupted at any point: what was repaired no longer differs. Each night begins with other
 * clients, so that nights that are too short for all of them do not always end at the same ones.
 * `now` in Unix seconds. Rejects if the server cannot list its clients, or the database fails.
 */
export async function reconcile(
  connector: Connector,
  now: number,
  ports: ReconciliationPorts,
): Promise<Drift> {
  const drift: Drift = { missing: 0, different: 0, unknown: 0, failed: 0, finished: false }
  const listed = new Map<string, ListedClient>()
  for await (const client of connector.list()) {
    if (!ports.mayContinue()) return drift
    listed.set(client.client_id, client)
  }
  const count = (kind: Exclude<keyof Drift, 'finished'>) => {
    drift[kind] += 1
  }

  /** Repairs one client if it differs: the two may have changed since they were listed. */
  async function settle(client_id: string): Promise<void> {
    const there = listed.get(client_id)
    try {
      const here = await ports.read(client_id)
      if (here === undefined) {
        if (there === undefined || there.pushed_at > now - graceSeconds) return
        await syncClient(client_id, connector, ports.read)
        return count('unknown')
      }
      if (there?.fingerprint === connector.fingerprint(here)) return
      await syncClient(client_id, connector, ports.read)
      count(there === undefined ? 'missing' : 'different')
    } catch (error) {
      ports.onFailure(client_id, error)
      count('failed')
    }
  }

  // The clients that the server has come first: a deleted or disabled one must not go on working.
  const day = Math.floor(now / 86_400)
  for (const client_ids of rotatedPages([...listed.keys()], day)) {
    if (!ports.mayContinue()) return drift
    await mapConcurrently(client_ids, maxPushes, settle)
  }
  for (let walked = 0; walked < ports.parts; walked += 1) {
    let from: string | undefined
    do {
      if (!ports.mayContinue()) return drift
      const page = await ports.listPart((day + walked) % ports.parts, from)
      const others = page.client_ids.filter((client_id) => !listed.has(client_id))
      await mapConcurrently(others, maxPushes, settle)
      from = page.next
    } while (from !== undefined)
  }
  drift.finished = true
  return drift
}

/** The items in pages, which begin elsewhere on each day of a week. */
function rotatedPages<Item>(items: readonly Item[], day: number): readonly (readonly Item[])[] {
  const start = Math.floor(((day % 7) / 7) * items.length)
  const rotated = [...items.slice(start), ...items.slice(0, start)]
  const pages = Math.ceil(rotated.length / pageSize)
  return Array.from({ length: pages }, (_, page) =>
    rotated.slice(page * pageSize, (page + 1) * pageSize),
  )
}
