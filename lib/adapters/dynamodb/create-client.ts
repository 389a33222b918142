import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RegisteredClient } from '../../client.ts'
import type { CreateResult } from '../../ports/client-store.ts'
import type { Consumable } from '../../ports/consumable.ts'
import { toItem } from './client-item.ts'
import { createItem } from './create-item.ts'
import type { FindClientsBy } from './find-attributes.ts'
import type { HourlyCounters } from './hourly-counters.ts'
import { softwareDigest } from './table.ts'

/** Stores a new client, and consumes everything that its registration consumes. */
export function createClient(
  documents: DynamoDBDocumentClient,
  TableName: string,
  client: RegisteredClient,
  consumables: readonly Consumable[],
  counters: HourlyCounters,
  findClientsBy: FindClientsBy,
): Promise<CreateResult> {
  const { write_id, client_id_issued_at } = client
  const put = {
    Item: { ...toItem(client, findClientsBy), ...countedSoftware(consumables), write_id },
    ConditionExpression: 'attribute_not_exists(pk)',
  }
  return createItem(documents, TableName, put, consumables, client_id_issued_at, counters)
}

/** What the client's deletion releases, even if an update has changed its `software_id`. */
function countedSoftware(consumables: readonly Consumable[]) {
  const counted = consumables.find((consumable) => consumable.kind === 'software_client')
  return counted && { counted_software: softwareDigest(counted.software_id) }
}
