import { inject } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { composeServer } from './compose.ts'
import { createTable } from './table.ts'

type Options = {
  readonly settings?: SettingsInput
  /** A way to the embedded DynamoDB on which something can go wrong. */
  readonly endpoint?: string
}

/** A server on a table of its own in the embedded DynamoDB. */
export async function testServer({ endpoint, settings = {} }: Options = {}) {
  const TableName = await createTable(inject('dynamodb'))
  // Without the Lambda's time-outs, which fifty requests at once on a busy machine exceed.
  const patient = { endpoint: inject('dynamodb'), requestHandler: {} }
  const documents = documentClient(endpoint === undefined ? patient : { endpoint })
  return composeServer(documents, TableName, settings)
}
