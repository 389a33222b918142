import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord } from 'aws-lambda'
import { credentials } from './synthesized-table.ts'

/** Most records that one read of a shard returns. */
export const maxRecords = 100

export type TableStream = {
  readonly arn: string
  /** Returns the records since the last call, one array per shard. */
  next(): Promise<readonly (readonly DynamoDBRecord[])[]>
  close(): void
}

/** Follows the stream of a table from now on. Rejects with an Error when the table has no stream. */
export async function followTable(endpoint: string, TableName: string): Promise<TableStream> {
  const streams = new DynamoDBStreamsClient({
    endpoint,
    region: 'us-east-1',
    credentials,
    requestHandler: { requestTimeout: 10_000, throwOnRequestTimeout: true },
  })
  const { Streams } = await streams.send(new ListStreamsCommand({ TableName }))
  const StreamArn = Streams?.[0]?.StreamArn
  if (StreamArn === undefined) throw new Error(`the table ${TableName} has no stream`)
  const known = new Set<string>()
  let iterators: string[] = []
  await addShards('LATEST')
  return { arn: StreamArn, next, close: () => streams.destroy() }

  /** Gets iterators for new shards. */
  async function addShards(ShardIteratorType: 'LATEST' | 'TRIM_HORIZON') {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId === undefined || known.has(ShardId)) continue
      known.add(ShardId)
      const shard = { StreamArn, ShardId, ShardIteratorType }
      const { ShardIterator } = await streams.send(new GetShardIteratorCommand(shard))
      if (ShardIterator !== undefined) iterators.push(ShardIterator)
    }
  }

  async function next() {
    const pages = await Promise.all(
      iterators.map((ShardIterator) =>
        streams.send(new GetRecordsCommand({ ShardIterator, Limit: maxRecords })),
      ),
    )
    const open = pages.flatMap(({ NextShardIterator }) => NextShardIterator ?? [])
    const isClosed = open.length < iterators.length
    iterators = open
    if (isClosed) await addShards('TRIM_HORIZON')
    return pages
      .map(({ Records = [] }) => Records.map(toLambdaRecord))
      .filter((records) => records.length > 0)
  }
}

/** A record as Lambda receives it: JSON, with base64 for bytes and Unix seconds for the time. */
function toLambdaRecord({ dynamodb, ...record }: _Record): DynamoDBRecord {
  const seconds = (dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000
  const plain = { ...record, dynamodb: { ...dynamodb, ApproximateCreationDateTime: seconds } }
  return JSON.parse(JSON.stringify(plain, base64Bytes))
}

const base64Bytes = (_: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
