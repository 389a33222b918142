import { isDeepStrictEqual } from 'node:util'
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { createTable } from '../support/table.ts'

const documents = documentClient({ endpoint: embeddedDynamodb })
const TableName = await createTable(embeddedDynamodb)

/** What a member named `constructor` can pretend to be. */
const pretenders = [
  ...['Uint8Array', 'Set', 'Map', 'Object', 'Array', 'Number', 'String', 'Boolean', 'Blob'].map(
    (name) => ({ constructor: { name }, length: 300_000_000, size: 1, data: 'x' }),
  ),
  { constructor: null },
  { constructor: 'text' },
  { constructor: { constructor: { name: 'Set' } } },
]

const writes = {
  PutItem: (pk: string, value: unknown) =>
    new PutCommand({ TableName, Item: { pk, value, bytes: Uint8Array.of(1, 2) } }),
  UpdateItem: (pk: string, value: unknown) =>
    new UpdateCommand({
      TableName,
      Key: { pk },
      UpdateExpression: 'SET #value = :value, bytes = :bytes',
      ExpressionAttributeNames: { '#value': 'value' },
      ExpressionAttributeValues: { ':value': value, ':bytes': Uint8Array.of(1, 2) },
    }),
  TransactWriteItems: (pk: string, value: unknown) =>
    new TransactWriteCommand({
      TransactItems: [{ Put: { TableName, Item: { pk, value, bytes: Uint8Array.of(1, 2) } } }],
    }),
}

describe('the marshaller', () => {
  test.each(Object.entries(writes))('takes an object for an object in %s', async (name, write) => {
    for (const [index, value] of pretenders.entries()) {
      const pk = `${name} ${index}`
      const deep = { list: [value], plain: { inner: value } }
      // @ts-expect-error the overloads of `send` take one command, not a union of them
      await documents.send(write(pk, deep))
      const { Item } = await documents.send(new GetCommand({ TableName, Key: { pk } }))
      expect(isDeepStrictEqual(Item?.value, deep)).toBe(true)
      expect(Item?.bytes).toEqual(Uint8Array.of(1, 2))
    }
  })
})
