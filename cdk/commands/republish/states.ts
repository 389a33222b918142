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

/** The event of the item with this key as it stands; undefined where it is gone. */
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
 * The events of all clients and initial access tokens as they stand, page by page. Where the table is a restored one,
 * each client is first given a `sequence` above any that was told of it.
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
 * A client with the milliseconds since 1970 as its `sequence`: no count of writes comes near them
 * (lib/events/README.md). Undefined where it was deleted meanwhile.
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
