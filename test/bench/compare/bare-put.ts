import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
})
const TableName = process.env.TABLE_NAME
const ConditionExpression = 'attribute_not_exists(pk)'

/** Reads an item, and returns a function that stores a copy of it under a new key. */
export async function copies(pk: string): Promise<() => Promise<unknown>> {
  const { Item } = await documents.send(new GetCommand({ TableName, Key: { pk } }))
  let count = 0
  return () => {
    count += 1
    const copy = { ...Item, pk: `${pk}#${process.pid}#${count}` }
    return documents.send(new PutCommand({ TableName, Item: copy, ConditionExpression }))
  }
}
