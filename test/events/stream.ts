import type { DynamoDBRecord } from 'aws-lambda'
import { followTable } from '../../cdk/local/table-stream.ts'
import { parseStreamRecord } from '../../lib/adapters/dynamodb/stream-record.ts'
import type { RegistryEvent } from '../../lib/events/registry-event.ts'
import { toEvent } from '../../lib/events/to-event.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'

/** The records that a piece of work leaves in the stream of a server's table. */
export async function recordsOf(
  { TableName }: { readonly TableName: string },
  work: () => Promise<unknown>,
): Promise<DynamoDBRecord[]> {
  const stream = await followTable(embeddedDynamodb, TableName)
  await work()
  const records: DynamoDBRecord[] = []
  for (let shards = await stream.next(); shards.length > 0; shards = await stream.next()) {
    records.push(...shards.flat())
  }
  stream.close()
  return records
}

/** What is published of records, in their order. */
export const eventsOf = (records: readonly DynamoDBRecord[]): RegistryEvent[] =>
  records.flatMap((record) => {
    const change = parseStreamRecord(record)
    return (change && toEvent(change)) ?? []
  })
