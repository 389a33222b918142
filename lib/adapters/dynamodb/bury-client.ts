import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { CoveredClient } from '../../ports/clean-up-store.ts'
import type { AsRead } from './clean-up-condition.ts'
import { quotaKeys } from './consume-write.ts'
import { countsNowhere } from './delete-client.ts'
import { transactReleasing } from './release-quotas.ts'
import { returnCurrentItem } from './request.ts'
import { clientKey, listingEntry, ownerEntry, schema, tombstoneKey } from './table.ts'
import { transact } from './transaction.ts'

/**
 * Deletes a client that is as it was read, releases its quotas, and puts its tombstone. Resolves to
 * whether the client is gone: an earlier attempt may have deleted it. Only the failed condition of
 * the first transaction says that a client counts toward a quota.
 */
export async function buryClient(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client: CoveredClient,
  asRead: AsRead,
  now: number,
  tombstoneUntil: number,
): Promise<boolean> {
  const deletion = {
    TableName,
    Key: clientKey(client.client_id),
    ...asRead,
    ...returnCurrentItem,
  }
  const ConditionExpression = `${asRead.ConditionExpression} AND ${countsNowhere}`
  const tombstone = { Put: { TableName, Item: toTombstone(client, now, tombstoneUntil) } }
  const uncounted = { Delete: { ...deletion, ConditionExpression } }
  const reasons = await transact(documents, [uncounted, tombstone])
  const item = reasons?.[0]?.Item
  if (item === undefined) return true
  const quotas = quotaKeys(unmarshall(item))
  if (quotas.length === 0) return false
  const writes = [{ Delete: deletion }, tombstone] as const
  const counted = await transactReleasing(documents, TableName, writes, quotas)
  return counted?.[0]?.Item === undefined
}

/** The owner has another name than in a client: an index lists the clients of an owner by it. */
function toTombstone(client: CoveredClient, now: number, expires_at: number) {
  const { client_id, client_id_issued_at, iss, last_used_at, stale_at } = client
  return {
    ...tombstoneKey(client_id),
    schema,
    ...listingEntry('TOMBSTONE', client_id, now),
    owned_by: entryOf(client),
    iss: client.owner === undefined ? iss : undefined,
    client_id_issued_at,
    last_used_at,
    stale_at,
    deleted_at: now,
    expires_at,
  }
}

const entryOf = ({ owner, iss }: CoveredClient): string | undefined =>
  owner === undefined ? undefined : ownerEntry({ owner, iss })
