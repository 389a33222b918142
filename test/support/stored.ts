import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { embeddedDynamodb } from './embedded-dynamodb.ts'

/** The items whose key begins with this, as they are in the table of a server. */
export async function stored({ TableName }: { readonly TableName: string }, prefix: string) {
  const documents = documentClient({ endpoint: embeddedDynamodb })
  const { Items = [] } = await documents.send(
    new ScanCommand({
      TableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: { ':prefix': prefix },
    }),
  )
  documents.destroy()
  return Items
}
