import { expect } from 'vitest'
import type { Connector } from '../../functions/connectors/connector.ts'
import { randomChanges } from './random-changes.ts'

/**
 * Changes clients at random with crashes between any two calls, lets one night pass, and compares all
 * clients of both sides. `getsToken` shows whether a client of client credentials can use its secret.
 */
export async function endsWithoutDrift(
  url: string,
  connect: (url: string, source: string) => Connector,
  changes: number,
  getsToken: (client_id: string, client_secret: string) => Promise<boolean>,
  kinds?: readonly object[],
): Promise<void> {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000))
  const story = await randomChanges(url, connect, { changes, seed, kinds })
  const { changed, pushed } = story
  console.log(`seed ${seed}:`, JSON.stringify({ changed, pushed }))
  expect(changed.crashed).toBeGreaterThan(changes / 10)
  expect(changed.done).toBeGreaterThan(changes / 10)

  const first = await story.night()
  console.log('the night found', JSON.stringify(first))
  expect(first).toMatchObject({ failed: 0, finished: true })

  const clients = await story.stored()
  expect(clients.length).toBeGreaterThan(0)
  const there = new Map<string, string>()
  for await (const { client_id, fingerprint } of story.connector.list())
    there.set(client_id, fingerprint)
  const here = new Map(
    clients.map((client) => [client.client.client_id, story.connector.fingerprint(client)]),
  )
  expect(new Map([...there].sort()), `seed ${seed}`).toEqual(new Map([...here].sort()))
  for (const { client, client_secret, isActive } of clients)
    if (client_secret !== undefined && client.grant_types.includes('client_credentials'))
      expect(await getsToken(client.client_id, client_secret)).toBe(isActive)

  const second = await story.night()
  expect(second).toEqual({ missing: 0, different: 0, unknown: 0, failed: 0, finished: true })
  await story.close()
}
