import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { jwksOperations } from './jwks.ts'
import { operations, tryOperation, tryWithoutKeys } from './table.ts'
import { openWorld } from './world.ts'

/** Without the faults that wait for a time-out: `npm run faults` tries all. */
const columns = ['response lost, one attempt', 'killed after it']

let world: Awaited<ReturnType<typeof openWorld>>
beforeAll(async () => {
  world = await openWorld(embeddedDynamodb)
})
afterAll(() => world.close())

describe('an operation that meets a fault', () => {
  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s: takes effect once or not at all where a response is lost or the Lambda ends',
    async (_, operation) => {
      const { cells } = await tryOperation(operation, world, columns)
      expect(cells.length).toBeGreaterThanOrEqual(2 * columns.length)
      expect(cells.filter(({ problems }) => problems.length > 0)).toEqual([])
    },
  )
})

test('an operation that cannot have the keys of an issuer changes nothing, and succeeds later', async () => {
  const rows = await Promise.all(
    jwksOperations.map((operation) => tryWithoutKeys(operation, world)),
  )
  const cells = rows.flatMap(({ operation, cells: own }) =>
    own.map((cell) => ({ operation, ...cell })),
  )
  expect(cells.filter(({ problems }) => problems.length > 0)).toEqual([])
})
