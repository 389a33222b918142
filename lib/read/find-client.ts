import { type ClientItem, clientKey } from './active-client.ts'

/** The part of `DynamoDBDocument` (`@aws-sdk/lib-dynamodb`) that is used here. */
export type DocumentReader = {
  get(input: {
    TableName: string
    Key: Record<string, unknown>
    ConsistentRead: boolean
  }): Promise<{ Item?: Record<string, unknown> | undefined }>
}

/** RFC 6749 §A.1; no registered `client_id` is longer. */
const possibleClientId = /^[\x20-\x7E]{1,255}$/

/**
 * Reads a client's item, for `clientOf`, `verifyClientSecret` and `revealClientSecret`. One
 * strongly consistent read: one read unit for an item of at most 4 KB, and no change of the client
 * is missed. Undefined if there is no such client. Rejects with the errors of the SDK.
 */
export async function findClient(
  documents: DocumentReader,
  tableName: string,
  client_id: string,
): Promise<ClientItem | undefined> {
  if (!possibleClientId.test(client_id)) return undefined
  const input = { TableName: tableName, Key: clientKey(client_id), ConsistentRead: true }
  const { Item } = await documents.get(input)
  return Item
}
