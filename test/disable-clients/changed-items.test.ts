import { BatchWriteCommand, DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { killedAfterWrite, orKilled, startStory } from './story.ts'

type Story = Awaited<ReturnType<typeof startStory>>

function table({ TableName }: Story) {
  const documents = documentClient({ endpoint: embeddedDynamodb })
  onTestFinished(() => documents.destroy())
  return {
    delete: (pk: string) => documents.send(new DeleteCommand({ TableName, Key: { pk } })),
    put: (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName, Item })),
    putAll: async (items: readonly Record<string, unknown>[]) => {
      for (let from = 0; from < items.length; from += 25) {
        const writes = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }))
        await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: writes } }))
      }
    },
  }
}

describe('a job', () => {
  test('whose pages time to live has removed cannot be undone, and is unknown', async () => {
    const story = await startStory(2)
    const { id } = await story.create()
    await table(story).delete(`JOB#${id}#0`)
    await expect(story.act(id, 'undo')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('that time to live removes during a slice is unknown', async () => {
    const story = await startStory(1)
    const { id } = await story.begin()
    const removed = story.act(id, 'continue', async (_, write) => {
      if (write === 3) await table(story).delete(`JOB#${id}`)
    })
    await expect(removed).rejects.toMatchObject({ code: 'not_found' })
  })

  test('that others continue all the time cannot be cancelled: 503, and it goes on', async () => {
    const story = await startStory(12, 0)
    const { id } = await story.begin()
    const cancelled = story.act(id, 'cancel', async (_, write) => {
      if (write !== undefined) await story.act(id, 'continue', undefined, 1)
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    expect(await story.act(id, 'cancel')).toMatchObject({ state: 'cancelled' })
  })

  test('counts a client that is deleted before it is disabled', async () => {
    const story = await startStory(2, 0)
    const { id } = await story.begin()
    expect(await orKilled(story.act(id, 'continue', killedAfterWrite(1)))).toBe('killed')
    const [deleted = '', left] = story.bad
    await table(story).delete(`CLIENT#${deleted}`)
    const job = await story.act(id, 'continue')
    expect(job).toMatchObject({ matched: 2, disabled: 1, deleted: 1, client_ids: [left] })
    expect(await story.act(id, 'undo')).toMatchObject({ state: 'undone', enabled: 1 })
  })

  test('of more than a thousand pages lists and undoes what the last one disabled', async () => {
    const story = await startStory(1, 0)
    const { id, expires_at } = await story.begin()
    const [client_id = ''] = story.bad
    const empty = { client_ids: [], examined: 100, already_disabled: 0, expires_at }
    const settled = { already_disabled: [], deleted: [], skipped: [] }
    const before = Array.from({ length: 1_050 }, (_, number) => number)
    await table(story).putAll(
      before.map((number) => ({ pk: `JOB#${id}#${number}`, schema: 1, ...empty, settled })),
    )
    const [item] = (await story.items()).filter(({ pk }) => pk === `JOB#${id}`)
    await table(story).put({ ...item, pages: before.length })
    expect(await story.act(id, 'continue')).toMatchObject({ state: 'done', disabled: 1 })

    const first = await story.show(id)
    expect(first).toMatchObject({ client_ids: [], next_cursor: expect.any(String) })
    const second = await story.show(id, first.next_cursor)
    expect(second.client_ids).toEqual([client_id])
    expect(second.next_cursor).toBeUndefined()
    expect(await story.act(id, 'undo')).toMatchObject({ state: 'undone', enabled: 1 })
  })
})
