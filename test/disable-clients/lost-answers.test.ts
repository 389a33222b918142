import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { disableClients } from '../../lib/operator/disable-clients.ts'
import { changeDisableJob } from '../../lib/operator/disable-jobs.ts'
import {
  throttled,
  type UnreliableDynamodb,
  unreliableDynamodb,
} from '../doubles/unreliable-dynamodb.ts'
import { now } from '../support/clients.ts'
import { masterToken as bearer, composeServer } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { startStory } from './story.ts'

let dynamodb: UnreliableDynamodb
beforeAll(async () => {
  dynamodb = await unreliableDynamodb(embeddedDynamodb)
})
afterAll(() => dynamodb.close())

const mayContinue = () => true

/** The same table, by a way on which answers get lost. */
async function startUnreliable(bad: number) {
  const story = await startStory(bad)
  const documents = documentClient({ endpoint: dynamodb.endpoint, requestHandler: {} })
  const server = composeServer(documents, story.TableName, {})
  return {
    ...story,
    create: () =>
      disableClients({ bearer, now, mayContinue, body: { redirect_host: 'bad.example' } }, server),
    act: (id: string, action: string) =>
      changeDisableJob({ bearer, id, now, mayContinue, body: { action } }, server),
  }
}

describe('a job', () => {
  test.each([
    ['PutItem', 1],
    ['PutItem', 2],
    ['PutItem', 3],
    ['PutItem', 4],
    ['UpdateItem', 1],
    ['UpdateItem', 2],
    ['UpdateItem', 3],
  ])(
    'counts and lists each client once where the answer to %s number %i is lost',
    async (operation, number) => {
      const passed = Array.from({ length: number - 1 }, () => 'no fault' as const)
      const faults = [...passed, 'answer lost'] as const
      const story = await startUnreliable(3)
      dynamodb.fail(operation, ...faults)
      const job = await story.create()
      dynamodb.fail(operation)
      expect(job).toMatchObject({ state: 'done', disabled: 3, already_disabled: 0, skipped: 0 })
      expect([...job.client_ids].sort()).toEqual(story.bad)
      expect(await story.listed(job.id)).toEqual(story.bad)
      expect(await story.sequences('bad.example')).toEqual([2])

      dynamodb.fail(operation, ...faults)
      const undone = await story.act(job.id, 'undo')
      dynamodb.fail(operation)
      expect(undone).toMatchObject({ state: 'undone', enabled: 3, untouched: 0 })
      expect(await story.sequences('bad.example')).toEqual([3])
    },
  )

  test('is stored, and can be continued, where the database throttles its first slice', async () => {
    const story = await startUnreliable(2)
    dynamodb.fail('Query', ...Array.from({ length: 100 }, () => throttled))
    const job = await story.create()
    dynamodb.fail('Query')
    expect(job).toMatchObject({ state: 'running', examined: 0, client_ids: [] })
    expect(await story.disabled()).toEqual([])
    expect(await story.act(job.id, 'continue')).toMatchObject({ state: 'done', disabled: 2 })
  })

  test('that the database throttles later is 503, and goes on where it stopped', async () => {
    const story = await startUnreliable(2)
    const { id } = await story.begin()
    dynamodb.fail('UpdateItem', ...Array.from({ length: 100 }, () => throttled))
    const interrupted = story.act(id, 'continue')
    await expect(interrupted).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    dynamodb.fail('UpdateItem')
    expect(await story.act(id, 'continue')).toMatchObject({ state: 'done', disabled: 2 })
    expect(await story.listed(id)).toEqual(story.bad)
  })
})
