import { type ClientItem, clientIdOf, currentTime, rejectionOf } from './active-client.ts'
import { isUseRecorded, reportWrite, type UseWrite, useWrite } from './client-use.ts'
import { type DocumentReader, findClient } from './find-client.ts'

/** The part of `DynamoDBDocument` (`@aws-sdk/lib-dynamodb`) that is used here. */
export type DocumentUpdater = DocumentReader & {
  update(input: UseWrite): Promise<unknown>
}

/**
 * Records that a client was used, at most once per client and UTC day, and revives a stale client.
 * `item` is what `findClient` returned; resolves to the item as it is now. `now` is in Unix seconds.
 * An unknown or disabled client is left as it is. Rejects with the errors of the SDK.
 */
export async function recordUse(
  documents: DocumentUpdater,
  tableName: string,
  item: ClientItem | undefined,
  now = currentTime(),
): Promise<ClientItem | undefined> {
  const rejection = rejectionOf(item, now)
  if (rejection !== undefined && rejection !== 'stale') return item
  if (rejection === undefined && isUseRecorded(item?.last_used_at, now)) return item
  const client_id = clientIdOf(item)
  const isWritten = await write(documents, useWrite(tableName, client_id, now))
  await noteReport(documents, tableName, now)
  // Another server recorded a use at the same time, or the client was deleted.
  if (!isWritten) return findClient(documents, tableName, client_id)
  const { stale_at: _, ...revived } = item ?? {}
  return { ...revived, last_used_at: now }
}

/** The last report of use that is known to be noted in each table. */
const lastReports = new WeakMap<DocumentUpdater, Map<string, number>>()

/** Clean-up makes nobody stale without reports of use. One write per process and UTC day. */
async function noteReport(documents: DocumentUpdater, tableName: string, now: number) {
  const byTable = lastReports.get(documents) ?? new Map<string, number>()
  if (isUseRecorded(byTable.get(tableName), now)) return
  await write(documents, reportWrite(tableName, now))
  lastReports.set(documents, byTable.set(tableName, now))
}

/** Whether the condition of the write held. */
async function write(documents: DocumentUpdater, input: UseWrite): Promise<boolean> {
  try {
    await documents.update(input)
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false
    throw error
  }
}
