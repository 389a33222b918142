import { BatchWriteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { clientKey, listingEntry } from '../../lib/adapters/dynamodb/table.ts'
import { generateClientId } from '../../lib/tokens/client-id.ts'
import { now, registered } from '../support/clients.ts'
import { composeServer } from '../support/compose.ts'

/** Most items of one BatchWriteItem. */
const batchSize = 25
const concurrency = 4

/**
 * Registers a client, and stores copies of its item: each with an id of its own, and registered one
 * second before the last.
 */
export async function copyClients(
  documents: DynamoDBDocumentClient,
  TableName: string,
  count: number,
  progress: (done: number) => void,
): Promise<void> {
  const { client_id } = await registered(composeServer(documents, TableName, {}))
  const { Item } = await documents.send(new GetCommand({ TableName, Key: clientKey(client_id) }))
  let started = 0
  let stored = 0

  async function storeBatches() {
    while (started < count) {
      const copies = Array.from({ length: Math.min(batchSize, count - started) }, copy)
      await store(copies)
      stored += copies.length
      progress(stored)
    }
  }

  function copy() {
    started += 1
    const id = generateClientId()
    const client_id_issued_at = now - started
    const entry = listingEntry('CLIENT', id, client_id_issued_at)
    return { ...Item, ...clientKey(id), ...entry, client_id_issued_at }
  }

  async function store(items: readonly Record<string, unknown>[]) {
    const RequestItems = { [TableName]: items.map((copied) => ({ PutRequest: { Item: copied } })) }
    const { UnprocessedItems = {} } = await documents.send(new BatchWriteCommand({ RequestItems }))
    if (Object.keys(UnprocessedItems).length > 0) throw new Error('some items were not stored')
  }

  await Promise.all(Array.from({ length: concurrency }, storeBatches))
}
