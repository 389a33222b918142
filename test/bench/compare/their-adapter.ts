import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb'

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
})
const TableName = process.env.TABLE_NAME

/** The plainest adapter of oidc-provider for DynamoDB: one item a model. */
export function dynamodbAdapter(model: string) {
  const keyOf = (id: string) => ({ pk: `${model}#${id}` })
  return {
    async upsert(id: string, payload: object, expiresIn?: number) {
      const expires_at =
        expiresIn === undefined ? undefined : Math.floor(Date.now() / 1000) + expiresIn
      const Item = { ...keyOf(id), payload, expires_at }
      await documents.send(new PutCommand({ TableName, Item }))
    },
    async find(id: string) {
      const command = new GetCommand({ TableName, Key: keyOf(id), ConsistentRead: true })
      const { Item } = await documents.send(command)
      return Item?.payload
    },
    async destroy(id: string) {
      await documents.send(new DeleteCommand({ TableName, Key: keyOf(id) }))
    },
  }
}
