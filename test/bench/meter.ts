import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** What requests to DynamoDB cost, as the engine says and as the SDK counts. */
export type Cost = {
  /** Requests sent, attempts included. */
  readonly roundTrips: number
  /** Units of the table; the listing index apart. */
  readonly writeUnits: number
  readonly readUnits: number
  /** Units of the listing index. */
  readonly indexUnits: number
  /** Writes whose condition failed: DynamoDB charges them by the size of the existing item. */
  readonly rejectedWrites: number
}

const nothing: Cost = {
  roundTrips: 0,
  writeUnits: 0,
  readUnits: 0,
  indexUnits: 0,
  rejectedWrites: 0,
}

/** Measures what a piece of work costs on this document client. */
export function meter(documents: DynamoDBDocumentClient) {
  let cost: Cost = nothing

  documents.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const input = { ...args.input, ReturnConsumedCapacity: 'INDEXES' }
        try {
          const result = await next({ ...args, input })
          count(result.output, commandName)
          return result
        } catch (error) {
          if (error instanceof Error && error.name === 'ConditionalCheckFailedException')
            cost = { ...cost, rejectedWrites: cost.rejectedWrites + 1 }
          throw error
        }
      },
    { step: 'initialize', priority: 'high' },
  )
  documents.middlewareStack.add(
    (next) => async (args) => {
      cost = { ...cost, roundTrips: cost.roundTrips + 1 }
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )

  function count(output: object, commandName: string): void {
    const consumed = 'ConsumedCapacity' in output ? output.ConsumedCapacity : undefined
    const reads = /^(Get|BatchGet|Query)/.test(commandName)
    for (const capacity of [consumed].flat() as (ConsumedCapacity | undefined)[]) {
      if (capacity === undefined) continue
      const table = capacity.Table?.CapacityUnits ?? 0
      const indexes = Object.values(capacity.GlobalSecondaryIndexes ?? {})
      const indexUnits = indexes.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
      cost = {
        ...cost,
        writeUnits: cost.writeUnits + (reads ? 0 : table),
        readUnits: cost.readUnits + (reads ? table : 0),
        indexUnits: cost.indexUnits + indexUnits,
      }
    }
  }

  return async function measure(work: () => Promise<unknown>): Promise<Cost> {
    cost = nothing
    await work()
    return cost
  }
}
