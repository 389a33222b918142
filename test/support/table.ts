import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { table } from '../../lib/dynamodb/table.ts'

/** Creates an empty table with the keys and the index of the one that is deployed; resolves to its name. */
export async function createTable(endpoint: string): Promise<string> {
  const client = new DynamoDBClient({ endpoint })
  const TableName = `test-${randomUUID()}`
  const { partitionKey, listing } = table
  const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [partitionKey, listing.partitionKey, listing.sortKey].map(string),
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: listing.indexName,
          KeySchema: [
            { AttributeName: listing.partitionKey, KeyType: 'HASH' },
            { AttributeName: listing.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  )
  client.destroy()
  return TableName
}
