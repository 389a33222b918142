import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { composeServer } from './compose.ts'
import { embeddedDynamodb } from './embedded-dynamodb.ts'
import { createTable } from './table.ts'

type Options = {
  readonly settings?: SettingsInput
  /** A way to the embedded DynamoDB on which something can go wrong. */
  readonly endpoint?: string
}

/**
 * A server on a table of its own in the embedded DynamoDB. It has not the Lambda's time-outs, which
 * fifty requests at once on a busy machine exceed: a response is lost only where a test says so.
 */
export async function testServer({ endpoint = embeddedDynamodb, settings = {} }: Options = {}) {
  const TableName = await createTable(embeddedDynamodb)
  return composeServer(documentClient({ endpoint, requestHandler: {} }), TableName, settings)
}
