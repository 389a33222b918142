import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'

/** The document client of a command. Nobody waits as a client does: a request may take longer. */
export const commandDocumentClient = (): DynamoDBDocumentClient =>
  documentClient({ requestHandler: {}, maxAttempts: 10 })
