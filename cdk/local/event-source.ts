import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamoDBRecord } from 'aws-lambda'
import { followTable, maxRecords, type TableStream } from './table-stream.ts'

export type EventSourceOptions = {
  readonly endpoint: string
  readonly tableName: string
  /** Invokes the Lambda that reads the stream. */
  readonly invoke: (event: unknown) => Promise<unknown>
  readonly log: (line: string) => void
}

const interval = 200
const attempts = 5

/**
 * Emulates Lambda's event source mapping: delivers the table's changes to a Lambda, in order, until
 * it is stopped. If the stream is unavailable, logs that and continues without events.
 */
export async function startEventSource({ endpoint, tableName, invoke, log }: EventSourceOptions) {
  const stopping = new AbortController()
  const { signal } = stopping
  const { promise: following, resolve: follows } = Promise.withResolvers<void>()
  const ended = follow().catch((error) => log(`Event stream unavailable: ${error}`))
  await Promise.race([following, ended])
  return async () => {
    stopping.abort()
    await ended
  }

  async function follow() {
    const stream = await followTable(endpoint, tableName)
    follows()
    try {
      await deliverAll(stream)
    } finally {
      stream.close()
    }
  }

  async function deliverAll(stream: TableStream) {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const batches = await stream.next()
        for (const records of batches) await deliver(records, stream.arn)
        failures = 0
        if (batches.some(({ length }) => length === maxRecords)) continue
      } catch (error) {
        failures += 1
        if (failures === attempts && !signal.aborted) throw error
      }
      await pause()
    }
  }

  /**
   * Retries from the failed record a few times, then skips that record. AWS would send it to the
   * dead-letter queue.
   */
  async function deliver(records: readonly DynamoDBRecord[], eventSourceARN: string) {
    let rest = records.map((record) => ({ ...record, eventSourceARN }))
    for (let attempt = 1; rest.length > 0 && !signal.aborted; attempt += 1) {
      const failed = await firstFailed(rest)
      if (failed === -1) return
      rest = rest.slice(failed)
      if (attempt < attempts) await pause()
      else {
        log(`An event cannot be published and was dropped: record ${rest[0]?.eventID}`)
        rest = rest.slice(1)
        attempt = 0
      }
    }
  }

  function pause() {
    return sleep(interval, undefined, { signal }).catch(() => {})
  }

  /** Index of the first record to retry; -1 when all succeeded. */
  async function firstFailed(Records: readonly DynamoDBRecord[]): Promise<number> {
    const answer = (await invoke({ Records }).catch(() => allFailed)) as typeof allFailed
    const [first] = answer.batchItemFailures
    if (first === undefined) return -1
    const at = Records.findIndex(
      ({ dynamodb }) => dynamodb?.SequenceNumber === first.itemIdentifier,
    )
    return Math.max(0, at)
  }
}

const allFailed: { readonly batchItemFailures: readonly { itemIdentifier: string }[] } = {
  batchItemFailures: [{ itemIdentifier: '' }],
}
