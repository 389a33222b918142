import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { inject } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'

/** The items whose key begins with this, as they are in the table of a server. */
export async function stored({ TableName }: { readonly TableName: string }, prefix: string) {
  const documents = documentClient({ endpoint: inject('dynamodb') })
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
