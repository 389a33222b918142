import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { CleanUpStore, CoveredClient, Walk } from '../../ports/clean-up-store.ts'
import { useReportsKey } from '../../read/client-use.ts'
import { batchGet } from './batch-get.ts'
import { buryClient } from './bury-client.ts'
import { asRead } from './clean-up-condition.ts'
import { fromItem } from './client-item.ts'
import { updateWithSequence } from './expression.ts'
import { listDue } from './list-due.ts'
import { listOldestFirst } from './list-oldest-first.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import {
  cleanUpStateKey,
  clientIdOf,
  clientKey,
  duePartition,
  listingPartitions,
  schema,
} from './table.ts'

/** A decision moves a client to one of the other listings, which are walked later. */
const listings = (['PENDING', 'CLIENT', 'LABELLED'] as const).flatMap(listingPartitions)

/** Implements CleanUpStore on the DynamoDB table. */
export function dynamodbCleanUpStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): CleanUpStore {
  return {
    listDue: (kind, until, limit, from) => listDue(documents, TableName, kind, until, limit, from),

    keep: (client, due_at) =>
      update(client, { due: duePartition('DUE', client.client_id), due_at }),

    makeStale: (client, stale_at, due_at) =>
      update(client, { stale_at, due: duePartition('STALE', client.client_id), due_at }),

    release: (client) => update(client, { stale_at: undefined, due: undefined, due_at: undefined }),

    bury: (client, now, tombstoneUntil) =>
      buryClient(documents, TableName, client, asRead(client), now, tombstoneUntil),

    parts: listings.length,

    async listAll(part, from, limit) {
      const page = await listOldestFirst(documents, TableName, listings[part], from, limit)
      const items = await batchGet(documents, TableName, page.keys)
      return { clients: items.map((item) => fromItem(clientIdOf(item), item)), next: page.next }
    },

    async schedule(client_id, due_at) {
      const command = new UpdateCommand({
        TableName,
        Key: clientKey(client_id),
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(due)',
        ...updateWithSequence({ due: duePartition('DUE', client_id), due_at }),
      })
      await sendConditional(() => documents.send(command))
    },

    async readWalk() {
      const item = await read(cleanUpStateKey)
      return item as Walk | undefined // only this service writes the table
    },

    async writeWalk(walk) {
      const command = new PutCommand({ TableName, Item: { ...cleanUpStateKey, schema, ...walk } })
      await send(() => documents.send(command))
    },

    async lastReport() {
      const item = await read(useReportsKey)
      return item?.last_used_at
    },
  }

  async function read(Key: Record<string, unknown>) {
    const command = new GetCommand({ TableName, Key, ConsistentRead: true })
    const { Item } = await send(() => documents.send(command))
    return Item
  }

  /**
   * Sets these attributes, and removes the undefined ones, if the client is as it was read. A retry
   * after a lost response finds its own write, which nothing but this night has made.
   */
  async function update(
    client: CoveredClient,
    attributes: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const assignment = updateWithSequence(attributes)
    const { ExpressionAttributeValues, ConditionExpression } = asRead(client)
    const command = new UpdateCommand({
      ...assignment,
      TableName,
      Key: clientKey(client.client_id),
      ConditionExpression,
      ExpressionAttributeValues: {
        ...assignment.ExpressionAttributeValues,
        ...ExpressionAttributeValues,
      },
      ...returnCurrentItem,
    })
    const updated = await sendConditional(() => documents.send(command))
    if (!isConditionFailed(updated)) return true
    const { currentItem, ambiguous } = updated
    return (
      ambiguous &&
      currentItem !== undefined &&
      Object.entries(attributes).every(([name, value]) => currentItem[name] === value)
    )
  }
}
