import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { table } from '../../lib/adapters/dynamodb/table.ts'

/** The types of the attributes that are no strings. */
const types = new Map<string, 'B' | 'N'>([
  [table.bySoftware.partitionKey, 'B'],
  [table.byDue.sortKey, 'N'],
])

/** Creates an empty table with the keys, the indexes and the stream of the one that is deployed; resolves to its name. */
export async function createTable(endpoint: string): Promise<string> {
  const client = new DynamoDBClient({ endpoint })
  const TableName = `test-${randomUUID()}`
  const { partitionKey, timeToLive: _, ...indexes } = table
  const attributes = Object.values(indexes).flatMap((index) => [index.partitionKey, index.sortKey])
  const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' }) as const
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      AttributeDefinitions: [...new Set([partitionKey, ...attributes])].map((AttributeName) => ({
        AttributeName,
        AttributeType: types.get(AttributeName) ?? 'S',
      })),
      KeySchema: [hash(partitionKey)],
      GlobalSecondaryIndexes: Object.values(indexes).map((index) => ({
        IndexName: index.indexName,
        KeySchema: [hash(index.partitionKey), { AttributeName: index.sortKey, KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  )
  client.destroy()
  return TableName
}
