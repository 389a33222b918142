import { clientRequests } from './client-requests.ts'
import { deferredRegistrations } from './deferred-registrations.ts'
import { type JwksOperation, jwksFaults, withoutKeys } from './jwks.ts'
import type { Operation } from './operation.ts'
import { operatorRequests } from './operator-requests.ts'
import { registrations } from './registrations.ts'
import { disturbed, type Outcome, undisturbed, type World } from './trial.ts'
import type { Plan } from './unreliable-aws.ts'
import { usesAndCleanUp } from './uses-and-clean-up.ts'

export const operations: readonly Operation[] = [
  ...registrations,
  ...deferredRegistrations,
  ...clientRequests,
  ...operatorRequests,
  ...usesAndCleanUp,
]

const faults = ['request lost', 'response lost', 'timed out', 'throttled', 'failing'] as const

/** The plans for one call of an operation, by their titles. */
const plans: ReadonlyMap<string, (call: string) => Plan> = new Map([
  ...faults.flatMap((fault) =>
    (['one attempt', 'from then on'] as const).map(
      (lasts) => [`${fault}, ${lasts}`, (at: string): Plan => ({ at, fault, lasts })] as const,
    ),
  ),
  ['killed after it', (at: string): Plan => ({ at, fault: 'killed' })] as const,
])

export const columns: readonly string[] = [...plans.keys()]
export const jwksColumns: readonly string[] = Object.keys(jwksFaults)

export type Cell = Outcome & {
  readonly column: string
  /** The call that met the fault. */
  readonly call: string
}

export type Row = {
  readonly operation: string
  readonly calls: readonly string[]
  readonly cells: readonly Cell[]
}

/** Tries these faults at each call of an operation, on fresh items each time. */
export async function tryOperation(
  operation: Operation,
  world: World,
  titles: readonly string[] = columns,
): Promise<Row> {
  const course = await inTurn(() => undisturbed(operation, world))
  const calls = ofEachKind(course.calls)
  const cells = titles.flatMap((column) =>
    calls.map(async (call) => {
      const plan = plans.get(column)?.(call)
      if (plan === undefined) throw new Error(`no fault is called ${column}`)
      const outcome = await inTurn(() => disturbed(operation, course, plan, world))
      return { column, call, ...outcome }
    }),
  )
  return { operation: operation.name, calls, cells: await Promise.all(cells) }
}

/** Tries an operation that needs an issuer's keys while they cannot be had. */
export async function tryWithoutKeys(operation: JwksOperation, world: World): Promise<Row> {
  const call = 'GET the keys'
  const cells = jwksColumns.map(async (column) => {
    const outcome = await inTurn(() => withoutKeys(operation, column, world))
    return { column, call, ...outcome }
  })
  return { operation: operation.name, calls: [call], cells: await Promise.all(cells) }
}

/** Without those between the first and the last call of one kind: a listing sends sixteen at once. */
function ofEachKind(calls: readonly string[]): readonly string[] {
  const kinds = calls.map((call) => call.split(' ')[0])
  return calls.filter((_, index) => {
    const kind = kinds[index]
    return kinds.indexOf(kind) === index || kinds.lastIndexOf(kind) === index
  })
}

/** Most trials wait for a time-out most of the time. */
const maxTrials = 8
let running = 0
const waiting: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= maxTrials) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
