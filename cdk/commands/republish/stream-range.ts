import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import * as v from 'valibot'
import type { StreamRecord } from '../../../lib/adapters/dynamodb/stream-record.ts'

/**
 * A dead-letter message, in the format of the event source mapping: a range of the stream. Messages
 * from the Lambda also contain the item's key.
 */
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

/**
 * Errors for an expired stream, shard or position, or for a sequence number that is not in the
 * shard.
 */
const expiredStreamErrors = [
  'ResourceNotFoundException',
  'TrimmedDataAccessException',
  'ValidationException',
]

/** Consecutive empty pages after which the shard counts as fully read. */
const maxEmptyPages = 20

/**
 * Records of a stream range; undefined when the stream no longer holds its first record. Rejects
 * with an Error when the range is incomplete.
 */
export async function readRecords(
  streams: DynamoDBStreamsClient,
  range: StreamRange,
): Promise<readonly StreamRecord[] | undefined> {
  const { shardId, streamArn } = range
  // Messages from the Lambda have no shard id, because it does not receive one.
  const shards = shardId === undefined ? await listShards(streams, streamArn) : [shardId]
  for (const shard of shards) {
    const records = await readShard(streams, shard, range).catch(unlessGone)
    if (records?.[0]?.dynamodb?.SequenceNumber !== range.startSequenceNumber) continue
    if (records.at(-1)?.dynamodb?.SequenceNumber !== range.endSequenceNumber)
      throw new Error('the range could not be read to its end; try again')
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

async function readShard(streams: DynamoDBStreamsClient, ShardId: string, range: StreamRange) {
  const { streamArn: StreamArn, startSequenceNumber: SequenceNumber, endSequenceNumber } = range
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
