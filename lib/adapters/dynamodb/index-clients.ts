import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { mapConcurrently } from '../../concurrently.ts'
import type { ClientMetadata } from '../../metadata/client-metadata.ts'
import { batchGet } from './batch-get.ts'
import type { Item } from './client-item.ts'
import { assign } from './expression.ts'
import { type FindClientsBy, findAttributes } from './find-attributes.ts'
import { listPage } from './list-page.ts'
import { isConditionFailed, returnCurrentItem, sendConditional } from './request.ts'
import { clientIdOf, listingPartitions, table } from './table.ts'

/** A page of clients that are in the indexes now. */
export type IndexedPage = {
  readonly clients: number
  /** Those whose index attributes were missing or not right. */
  readonly changed: number
  /** Position of the next page; undefined on the last page. */
  readonly next: string | undefined
}

const pageSize = 100
const maxWrites = 20

const listings = (['CLIENT', 'LABELLED', 'PENDING'] as const).flatMap(listingPartitions)

/**
 * Sets the attributes by which clients are found on every client that was stored without them,
 * newest first. It can be interrupted at any point: what was done is right, and a later run does the
 * rest. Neither `version` nor `sequence` changes, so it publishes no event.
 */
export async function* indexClients(
  documents: DynamoDBDocumentClient,
  TableName: string,
  findClientsBy: FindClientsBy,
  from?: string,
): AsyncGenerator<IndexedPage> {
  const range = { index: table.listing, partitions: listings }
  let position = from
  do {
    const { keys, next } = await listPage(documents, TableName, range, pageSize, position)
    const items = await batchGet(documents, TableName, keys)
    let changed = 0
    await mapConcurrently(items, maxWrites, async (item) => {
      if (await indexItem(documents, TableName, item, findClientsBy)) changed += 1
    })
    yield { clients: items.length, changed, next }
    position = next
  } while (position !== undefined)
}

/** Resolves to whether the item was changed. Ends: each round reads a later item. */
async function indexItem(
  documents: DynamoDBDocumentClient,
  TableName: string,
  item: Item,
  findClientsBy: FindClientsBy,
): Promise<boolean> {
  let current: Item | undefined = item
  while (current !== undefined) {
    const missing = missingAttributes(current, findClientsBy)
    if (Object.keys(missing).length === 0) return false
    const { ExpressionAttributeNames, ExpressionAttributeValues, ...update } = assign(missing)
    const { sequence } = current
    const command = new UpdateCommand({
      ...update,
      TableName,
      Key: { pk: item.pk },
      // Every write that changes metadata raises the sequence, and clients of earlier versions
      // have none before it.
      ConditionExpression: `attribute_exists(pk) AND ${
        sequence === undefined ? 'attribute_not_exists(#sequence)' : '#sequence = :sequence'
      }`,
      ExpressionAttributeNames: { ...ExpressionAttributeNames, '#sequence': 'sequence' },
      ExpressionAttributeValues: {
        ...ExpressionAttributeValues,
        ...(sequence !== undefined && { ':sequence': sequence }),
      },
      ...returnCurrentItem,
    })
    const written = await sendConditional(() => documents.send(command))
    if (!isConditionFailed(written)) return true
    current = written.currentItem
  }
  return false
}

/** The attributes that the item has not, or has otherwise. Those of an index that is off stay. */
function missingAttributes(item: Item, findClientsBy: FindClientsBy) {
  const client_id = clientIdOf(item)
  const wanted = findAttributes(client_id, item.metadata as ClientMetadata, findClientsBy)
  const indexed = [
    ...(findClientsBy.name ? (['named', 'named_as'] as const) : []),
    ...(findClientsBy.redirectHost ? (['redirect_host'] as const) : []),
  ]
  return Object.fromEntries(
    indexed.filter((name) => item[name] !== wanted[name]).map((name) => [name, wanted[name]]),
  )
}
