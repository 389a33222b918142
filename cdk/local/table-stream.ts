/** A stream record as DynamoDB returns it. Lambda receives the same, plus the stream's ARN. */
export type StreamRecord = {
  readonly eventID: string
  readonly dynamodb: { readonly SequenceNumber: string }
}

export type TableStream = {
  readonly arn: string
  /** Returns the records since the last call, one array per shard. */
  next(): Promise<readonly (readonly StreamRecord[])[]>
}

/**
 * Follows the stream of a table from now on, over the HTTP API of DynamoDB Streams. Rejects with an
 * Error when the table has no stream.
 */
export async function followTable(endpoint: string, TableName: string): Promise<TableStream> {
  const { Table } = await call(endpoint, 'DynamoDB_20120810.DescribeTable', { TableName })
  const StreamArn = Table?.LatestStreamArn
  if (StreamArn === undefined) throw new Error(`the table ${TableName} has no stream`)
  const known = new Set<string>()
  let iterators: string[] = []
  await look('LATEST')
  return { arn: StreamArn, next }

  /** Gets iterators for new shards. */
  async function look(ShardIteratorType: 'LATEST' | 'TRIM_HORIZON') {
    const { StreamDescription } = await stream('DescribeStream', { StreamArn })
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (known.has(ShardId)) continue
      known.add(ShardId)
      const shard = { StreamArn, ShardId, ShardIteratorType }
      const { ShardIterator } = await stream('GetShardIterator', shard)
      if (ShardIterator !== undefined) iterators.push(ShardIterator)
    }
  }

  async function next() {
    const answers = await Promise.all(
      iterators.map((ShardIterator) => stream('GetRecords', { ShardIterator, Limit: 100 })),
    )
    const open = answers.flatMap(({ NextShardIterator }) => NextShardIterator ?? [])
    const closed = open.length < iterators.length
    iterators = open
    if (closed) await look('TRIM_HORIZON')
    return answers.map(({ Records = [] }) => Records).filter((records) => records.length > 0)
  }

  function stream(operation: string, input: object) {
    return call(endpoint, `DynamoDBStreams_20120810.${operation}`, input)
  }
}

/** The response members that are read above. */
type Answer = {
  readonly Table?: { readonly LatestStreamArn?: string }
  readonly StreamDescription?: { readonly Shards: readonly { readonly ShardId: string }[] }
  readonly ShardIterator?: string
  readonly Records?: readonly StreamRecord[]
  readonly NextShardIterator?: string | null
}

async function call(endpoint: string, target: string, input: object): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ''),
      // A local engine requires a well-formed header, but does not verify the signature.
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`${target}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}
