import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { toPosition } from '../../operator/pagination.ts'
import type { CoveredClient, DueKind, DuePage } from '../../ports/clean-up-store.ts'
import { batchGet } from './batch-get.ts'
import { fromItem } from './client-item.ts'
import { send } from './request.ts'
import { clientIdOf, clientKey, duePartition, duePartitions, table } from './table.ts'

/**
 * Reads a page of the clients of this kind that are due, one partition of the index after the
 * other. A client that has left the partition, or is due later, since it was indexed is omitted, so
 * a page may contain fewer clients than `limit`.
 */
export async function listDue(
  documents: DynamoDBDocumentClient,
  TableName: string,
  kind: DueKind,
  until: number,
  limit: number,
  from: string | undefined,
): Promise<DuePage> {
  const start = from === undefined ? undefined : toStartKey(kind, from)
  const partitions = duePartitions(kind)
  const begun = start === undefined ? 0 : Math.max(partitions.indexOf(start.due), 0)
  // DynamoDB rejects a start beyond the range. Nothing of its partition is left then.
  const first = start !== undefined && start.due_at > until ? begun + 1 : begun
  const entries: Entry[] = []
  for (const partition of partitions.slice(first)) {
    const ExclusiveStartKey = partition === start?.due ? start : undefined
    entries.push(...(await query(partition, limit + 1 - entries.length, ExclusiveStartKey)))
    if (entries.length > limit) break
  }
  const page = entries.slice(0, limit)
  const last = entries.length > limit ? page.at(-1) : undefined
  const items = await batchGet(
    documents,
    TableName,
    page.map(({ pk }) => pk),
  )
  const partitionOf = new Map(page.map(({ pk, due }) => [pk, due]))
  return {
    clients: items
      .filter(
        ({ pk, due, due_at }) => due === partitionOf.get(String(pk)) && Number(due_at) <= until,
      )
      .map((item) => fromItem(clientIdOf(item), item) as CoveredClient),
    next: last && toPosition(last.due_at, clientIdOf(last)),
  }

  async function query(
    partition: string,
    Limit: number,
    ExclusiveStartKey: Entry | undefined,
  ): Promise<readonly Entry[]> {
    const { indexName, partitionKey, sortKey } = table.byDue
    const command = new QueryCommand({
      TableName,
      IndexName: indexName,
      KeyConditionExpression: '#due = :partition AND #due_at <= :until',
      ExpressionAttributeNames: { '#due': partitionKey, '#due_at': sortKey },
      ExpressionAttributeValues: { ':partition': partition, ':until': until },
      ExclusiveStartKey,
      Limit,
    })
    const { Items } = await send(() => documents.send(command))
    return (Items ?? []) as Entry[] // the index projects keys only
  }
}

type Entry = { readonly pk: string; readonly due: string; readonly due_at: number }

/** The key of the entry after which a page starts. */
function toStartKey(kind: DueKind, position: string): Entry {
  const separator = position.indexOf('#')
  const client_id = position.slice(separator + 1)
  const due_at = Number(position.slice(0, separator))
  return { ...clientKey(client_id), due: duePartition(kind, client_id), due_at }
}
