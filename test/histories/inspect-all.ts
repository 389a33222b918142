import type { Call } from './call.ts'
import type { Known } from './known.ts'
import { operationOf } from './operations/table.ts'

type Look = {
  readonly calls: readonly Call[]
  readonly known: Known
  readonly cleansUp: boolean
  /** Carries out one call, without faults. */
  readonly single: (operation: string, given: unknown) => Promise<void>
  /** Moves the clock. */
  readonly wait: (seconds: number) => void
}

const twoDays = 172_800

/** What the operator, and everyone who has a token, can see at the end. */
export async function inspectAll({ calls, known, cleansUp, single, wait }: Look): Promise<void> {
  const look = async () => {
    for (const { key: client } of known.clients) await single('get', { client })
  }
  for (const { key } of known.initialAccessTokens) await single('inspect', { key })
  const unknown = calls.filter(({ outcome }) => outcome.is === 'unknown')
  const created = unknown.flatMap(
    ({ operation, given, id }) => operationOf(operation).creates?.(given, id) ?? [],
  )
  for (const client of new Set(created)) await single('find registration', { client })
  await look()
  if (cleansUp) {
    wait(twoDays)
    await single('report nothing', { secondsAgo: 0 })
    await single('night', {})
    await single('list deleted', {})
    await look()
  }
  for (const { key: client, tokens } of known.clients)
    for (const token of [...tokens].reverse()) await single('read', { client, token })
  // Reading revives.
  if (cleansUp) await look()
}
