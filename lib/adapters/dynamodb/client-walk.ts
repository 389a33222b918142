import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { listOldestFirst } from './list-oldest-first.ts'
import { clientIdOf, listingPartitions } from './table.ts'

const partitions = (['CLIENT', 'LABELLED', 'PENDING'] as const).flatMap(listingPartitions)

/** A walk through the identifiers of all clients, in parts. Queries an index, never scans. */
export const clientWalk = (documents: DynamoDBDocumentClient, TableName: string) => ({
  parts: partitions.length,

  /** One page of a part, oldest first. `from` is the position that the page before named. */
  async listPart(part: number, from: string | undefined, limit: number) {
    const page = await listOldestFirst(documents, TableName, partitions[part], from, limit)
    return { client_ids: page.keys.map((pk) => clientIdOf({ pk })), next: page.next }
  },
})
