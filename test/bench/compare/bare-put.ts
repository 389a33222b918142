import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { documentClient } from '../../../lib/adapters/dynamodb/document-client.ts'

const TableName = process.env.TABLE_NAME
const ConditionExpression = 'attribute_not_exists(pk)'
let count = 0

const sdk = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
})

/** Bare requests by the SDK as it is. */
export const copies = (pk: string) => requests(sdk, pk)

/** The same by our client: the least that our operations can cost. */
export async function ourCopies(pk: string) {
  const { put, getAndPut, getAndUpdate } = await requests(documentClient(), pk)
  return { ourPut: put, ourGetAndPut: getAndPut, ourGetAndUpdate: getAndUpdate }
}

/** Reads an item, and returns functions that store a copy of it under a new key. */
async function requests(documents: DynamoDBDocumentClient, pk: string) {
  const get = () => documents.send(new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }))
  const { Item } = await get()
  const put = () => {
    count += 1
    const copy = { ...Item, pk: `${pk}#${process.pid}#${count}` }
    return documents.send(new PutCommand({ TableName, Item: copy, ConditionExpression }))
  }
  /** The two requests of a registration, without what the service does. */
  const getAndPut = async () => {
    await get()
    await put()
  }

  const attributes = Object.entries({ ...Item }).filter(([name]) => name !== 'pk')
  /** The two requests of an update: each attribute is set, and the new item returned. */
  const getAndUpdate = async () => {
    await get()
    await documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk },
        UpdateExpression: `SET ${attributes.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: Object.fromEntries(
          attributes.map(([name]) => [`#${name}`, name]),
        ),
        ExpressionAttributeValues: Object.fromEntries(
          attributes.map(([name, value]) => [`:${name}`, value]),
        ),
        ReturnValues: 'ALL_NEW',
      }),
    )
  }
  return { put, getAndPut, getAndUpdate }
}
