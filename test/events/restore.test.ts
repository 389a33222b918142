import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { restoreClients } from '../../lib/adapters/dynamodb/restore-clients.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { createTable } from '../support/table.ts'
import { serveAws } from './aws.ts'
import { client } from './lifecycle.ts'
import { replayEvents } from './republish.ts'
import { eventsOf, recordsOf } from './stream.ts'

const documents = documentClient({ endpoint: embeddedDynamodb })
afterAll(() => documents.destroy())

type Published = { readonly type: string; readonly detail: { readonly sequence: number } }

/** Who keeps to "Delivery guarantees": it hears only of what is above the last `sequence` that it saw. */
function consumer() {
  let last = 0
  return (events: readonly Published[]) =>
    events.flatMap(({ type, detail: { sequence } }) => {
      if (sequence <= last) return []
      last = sequence
      return [type]
    })
}

/** A client that was published up to 3, and a table that has it as a backup does, at 2. */
async function story() {
  const server = await testServer()
  const hear = consumer()
  const heard = async (work: () => Promise<unknown>) =>
    hear(eventsOf(await recordsOf(server, work)))
  const one = await client(server)
  await one.change({ note: 'a' })
  const backup = await createTable(embeddedDynamodb)
  const [Item] = await stored(server, 'CLIENT#')
  await documents.send(new PutCommand({ TableName: backup, Item }))
  await heard(() => one.change({ note: 'b' }))
  const putBack = async (now = Math.floor(Date.now() / 1000)) => {
    const restoration = { from: backup, into: server.TableName, replace: true, now }
    for await (const { outcome } of restoreClients(documents, restoration))
      expect(outcome).toBe('restored')
  }
  const putAsItWas = () => documents.send(new PutCommand({ TableName: server.TableName, Item }))
  return { server, one, putBack, putAsItWas, hear, heard }
}

describe('lib/events/README.md, Events after a restore', () => {
  test('a deleted client that is restored is published, and so are its later changes', async () => {
    const { one, putBack, heard } = await story()
    expect(await heard(() => one.discard())).toEqual(['client.deleted'])
    expect(await heard(() => putBack())).toEqual(['client.registered'])
    expect(await heard(() => one.change({ disabled: true }))).toEqual(['client.disabled'])
    expect(await heard(() => one.discard())).toEqual(['client.deleted'])
  })

  test('a client that replaces what it became is published, and so is a second restore', async () => {
    const { one, putBack, heard } = await story()
    expect(await heard(() => putBack())).toEqual(['client.updated'])
    for (let count = 0; count < 5; count += 1) await one.change({ label: `${count}` })
    expect(await heard(() => putBack(Math.floor(Date.now() / 1000) + 1))).toEqual([
      'client.updated',
    ])
  })

  test('a client that is restored with its old sequence is ignored, hence the new one', async () => {
    const { one, putAsItWas, heard } = await story()
    await heard(() => one.discard())
    expect(await heard(putAsItWas)).toEqual([])
    expect(await heard(() => one.change({ disabled: true }))).toEqual([])
  })

  test('every client of a restored table is published as it is, and followed from then on', async () => {
    const { server, one, putAsItWas, hear, heard } = await story()
    await putAsItWas()
    const aws = await serveAws()
    const raise = ['--table', server.TableName, '--bump-sequence']
    const byStream = await heard(async () => {
      const { code, out } = await replayEvents(
        aws.url,
        '--bus',
        'arn:aws:events:eu-central-1:123456789012:event-bus/default',
        ...raise,
      )
      expect(out).toContain('1 of 1 published as current states')
      expect(code).toBe(0)
    })
    expect(byStream).toEqual([])
    expect(hear(aws.published())).toEqual(['client.enabled'])
    expect(await heard(() => one.change({ label: 'Partner' }))).toEqual(['client.updated'])
    aws.close()
  })
})
