import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type {
  ClientLifecycleStore,
  DeletedClientRecord,
} from '../../ports/client-lifecycle-store.ts'
import { batchGet } from './batch-get.ts'
import type { Item } from './client-item.ts'
import { listDue } from './list-due.ts'
import { listPage } from './list-page.ts'
import { listingPartitions, parseOwnerEntry, table, tombstoneKey } from './table.ts'

/** Implements ClientLifecycleStore on the DynamoDB table. */
export function dynamodbClientLifecycleStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): ClientLifecycleStore {
  return {
    async listStale(limit, from) {
      const anyTime = Number.MAX_SAFE_INTEGER
      const page = await listDue(documents, TableName, 'STALE', anyTime, limit, from)
      return { ...page, clients: page.clients.filter(({ stale_at }) => stale_at !== undefined) }
    },

    listDue: (until, limit, from) => listDue(documents, TableName, 'DUE', until, limit, from),

    async listDeleted(limit, from) {
      const range = { index: table.listing, partitions: listingPartitions('TOMBSTONE') }
      const { keys, next } = await listPage(documents, TableName, range, limit, from)
      return { clients: (await batchGet(documents, TableName, keys)).map(fromTombstone), next }
    },
  }
}

/** Only this service writes the table, so the item's shape is trusted. */
function fromTombstone(item: Item): DeletedClientRecord {
  const { pk, schema, listed, listed_at, expires_at, owned_by, ...times } = item
  const client_id = String(pk).slice(tombstoneKey('').pk.length)
  const owner = typeof owned_by === 'string' ? ownerOf(owned_by) : {}
  return { client_id, ...owner, ...times } as DeletedClientRecord
}

const ownerOf = (entry: string) => parseOwnerEntry(entry) ?? { owner: entry }
