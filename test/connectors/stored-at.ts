import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Service } from '../../cdk/local/service.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'

/** Keys of the items of a running service that begin with this, sorted. */
export async function storedAt(
  { dynamodbEndpoint, tableName }: Service,
  prefix: string,
): Promise<readonly string[]> {
  const documents = documentClient({ endpoint: dynamodbEndpoint })
  const { Items = [] } = await documents.send(
    new ScanCommand({
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: { ':prefix': prefix },
    }),
  )
  documents.destroy()
  return Items.map(({ pk }) => String(pk)).sort()
}
