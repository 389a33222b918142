import type { InputRecord, RecordResult } from './record.ts'

/**
 * Records in work at the same time. A conditional write goes alone, since BatchWriteItem takes no
 * condition, and a transaction of many would fail as a whole and cost twice as much.
 */
const concurrency = 32

export type Importing = {
  readonly importOne: (record: InputRecord) => Promise<RecordResult>
  readonly onResult: (result: RecordResult) => void
  readonly isInterrupted: () => boolean
}

export type Interruption = {
  /** The first line that is not done. */
  readonly next: number
  /** Why it is not; undefined where the operator stopped the import. */
  readonly error?: unknown
}

/**
 * Imports the records, several at a time. After an error, or where it is stopped, it ends what it has
 * begun. Resolves to what is left, or to undefined.
 */
export async function importAll(
  records: AsyncIterable<InputRecord>,
  { importOne, onResult, isInterrupted }: Importing,
): Promise<Interruption | undefined> {
  const iterator = records[Symbol.asyncIterator]()
  let last = 0
  let isEnd = false
  let failed: Interruption | undefined

  const fail = (next: number, error: unknown) => {
    if (failed === undefined || next < failed.next) failed = { next, error }
  }

  async function nextRecord(): Promise<InputRecord | undefined> {
    try {
      const { value, done = false } = await iterator.next()
      if (!done) last = Math.max(last, value.number)
      else isEnd = true
      return done ? undefined : value
    } catch (error) {
      fail(last + 1, error)
      return undefined
    }
  }

  async function work(): Promise<void> {
    while (!isInterrupted() && failed === undefined) {
      const record = await nextRecord()
      if (record === undefined) return
      try {
        onResult(await importOne(record))
      } catch (error) {
        fail(record.number, error)
      }
    }
  }

  await Promise.all(Array.from({ length: concurrency }, work))
  await iterator.return?.()
  return failed ?? (isEnd ? undefined : { next: last + 1 })
}
