import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import * as v from 'valibot'
import type { StreamRecord } from '../../../lib/adapters/dynamodb/stream-record.ts'

/** A dead letter: in the words of the event source mapping, a stretch of the stream; the Lambda's names the item's key too. */
export const deadLetter = v.object({
  record: v.optional(v.object({ key: v.optional(v.string()) })),
  DDBStreamBatchInfo: v.object({
    streamArn: v.string(),
    shardId: v.optional(v.string()),
    startSequenceNumber: v.string(),
    endSequenceNumber: v.string(),
  }),
})

export type StreamRange = v.InferOutput<typeof deadLetter>['DDBStreamBatchInfo']

/** What says that a stream, a shard or its beginning is gone, or that the shard does not have that number. */
const expiredStreamErrors = [
  'ResourceNotFoundException',
  'TrimmedDataAccessException',
  'ValidationException',
]

/** Pages without a record after which a shard is taken to have no more. */
const maxEmptyPages = 20

/** The records of a stretch; undefined where the stream does not hold them any more. Rejects where it has them in part only. */
export async function readRecords(
  streams: DynamoDBStreamsClient,
  stretch: StreamRange,
): Promise<readonly StreamRecord[] | undefined> {
  const { shardId, streamArn } = stretch
  // The Lambda is not told of which shard a record is.
  const shards = shardId === undefined ? await listShards(streams, streamArn) : [shardId]
  for (const shard of shards) {
    const records = await readShard(streams, shard, stretch).catch(unlessGone)
    if (records?.[0]?.dynamodb?.SequenceNumber !== stretch.startSequenceNumber) continue
    if (records.at(-1)?.dynamodb?.SequenceNumber !== stretch.endSequenceNumber)
      throw new Error('the stretch could not be read to its end; try again')
    return records.map(toLambdaRecord)
  }
  return undefined
}

async function listShards(streams: DynamoDBStreamsClient, StreamArn: string): Promise<string[]> {
  const shards: string[] = []
  let ExclusiveStartShardId: string | undefined
  do {
    const command = new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId })
    const { StreamDescription } = (await streams.send(command).catch(unlessGone)) ?? {}
    shards.push(...(StreamDescription?.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []))
    ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId
  } while (ExclusiveStartShardId !== undefined)
  return shards
}

async function readShard(streams: DynamoDBStreamsClient, ShardId: string, stretch: StreamRange) {
  const { streamArn: StreamArn, startSequenceNumber: SequenceNumber, endSequenceNumber } = stretch
  const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber } as const
  const command = new GetShardIteratorCommand({ StreamArn, ShardId, ...at })
  let { ShardIterator } = await streams.send(command)
  const isWithin = ({ dynamodb }: _Record) =>
    BigInt(dynamodb?.SequenceNumber ?? 0) <= BigInt(endSequenceNumber)
  const records: _Record[] = []
  for (let empty = 0; ShardIterator !== undefined && empty < maxEmptyPages; ) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator }))
    const { Records = [], NextShardIterator } = page
    records.push(...Records.filter(isWithin))
    const last = records.at(-1)?.dynamodb?.SequenceNumber
    if (last === endSequenceNumber || !Records.every(isWithin)) break
    empty = Records.length === 0 ? empty + 1 : 0
    ShardIterator = NextShardIterator
  }
  return records
}

function unlessGone(error: unknown): undefined {
  if (error instanceof Error && expiredStreamErrors.includes(error.name)) return undefined
  throw error
}

const toLambdaRecord = ({ eventID, userIdentity, dynamodb }: _Record): StreamRecord => {
  const time = dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0
  return {
    eventID,
    userIdentity: { principalId: userIdentity?.PrincipalId },
    dynamodb: { ...dynamodb, ApproximateCreationDateTime: time / 1000 },
  }
}
