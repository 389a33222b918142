import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { parseStreamRecord } from '../../../lib/adapters/dynamodb/stream-record.ts'
import { clientKey, initialAccessTokenKey } from '../../../lib/adapters/dynamodb/table.ts'
import type { RegistryEvent } from '../../../lib/events/registry-event.ts'
import { snapshotEvent } from '../../../lib/events/snapshot-event.ts'

/**
 * Event with the current state of the item with this key; undefined when the item no longer exists.
 */
export async function getState(
  dynamodb: DynamoDBClient,
  TableName: string,
  key: string,
): Promise<RegistryEvent | undefined> {
  const Key = { pk: { S: key } }
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))
  return Item && eventOfItem(Item)
}

/**
 * Events with the current state of all clients and initial access tokens, one array per scan page.
 * For a restored table, first raises each client's `sequence` above any published value.
 */
export async function* listStates(
  dynamodb: DynamoDBClient,
  TableName: string,
  isRestored: boolean,
) {
  const pages = paginateScan(
    { client: dynamodb },
    {
      TableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :client) OR begins_with(pk, :token)',
      ExpressionAttributeValues: {
        ':client': { S: clientKey('').pk },
        ':token': { S: initialAccessTokenKey('').pk },
      },
    },
  )
  for await (const { Items = [] } of pages) {
    const events: RegistryEvent[] = []
    for (const item of Items) {
      const currentItem = isRestored ? await bumpSequence(dynamodb, TableName, item) : item
      const event = currentItem && eventOfItem(currentItem)
      if (event !== undefined) events.push(event)
    }
    yield events
  }
}

/**
 * Sets a client's `sequence` to the current time in milliseconds, which no write count reaches
 * (lib/events/README.md). Undefined when the client was deleted concurrently.
 */
async function bumpSequence(
  dynamodb: DynamoDBClient,
  TableName: string,
  item: Attributes,
): Promise<Attributes | undefined> {
  if (item.pk?.S?.startsWith(clientKey('').pk) !== true) return item
  const command = new UpdateItemCommand({
    TableName,
    Key: { pk: item.pk },
    UpdateExpression: 'SET #sequence = :now',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#sequence': 'sequence' },
    ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
    ReturnValues: 'ALL_NEW',
  })
  try {
    return (await dynamodb.send(command)).Attributes
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}

type Attributes = Record<string, AttributeValue>

function eventOfItem(item: Attributes): RegistryEvent | undefined {
  const change = parseStreamRecord({
    eventID: 'none',
    dynamodb: {
      Keys: { pk: item.pk },
      NewImage: item,
      ApproximateCreationDateTime: Date.now() / 1000,
    },
  })
  return change && snapshotEvent(change)
}
