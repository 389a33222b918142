import fc from 'fast-check'
import { checkHistory } from './check.ts'
import { runProgram } from './history.ts'
import { type Defect, startInstance } from './instance.ts'
import { programOf } from './program.ts'
import { describeHistory } from './report.ts'
import { openTables } from './tables.ts'

type Options = {
  readonly endpoint: string
  readonly histories: number
  readonly seed: number
  /** A defect to search for; without it, the store is as it is. */
  readonly defect?: Defect
  readonly shrinks: boolean
  /** Only these operations, in addition to those that begin and end a history; those of a defect. */
  readonly only?: readonly string[]
  /** Repeats the history that a run printed. */
  readonly path?: string | undefined
  readonly onHistory?: (calls: number) => void
}

/** Most callers of a program. */
const callers = 4

export type Found = {
  readonly histories: number
  readonly calls: number
  /** The smallest history that was found that could not have happened one call at a time. */
  readonly impossible: string | undefined
  /** Its path, for the same seed. */
  readonly path: string | null
}

/** Runs random programs until a history is impossible. */
export async function search(options: Options): Promise<Found> {
  const { endpoint, histories, seed, defect, shrinks, path, onHistory } = options
  const only = options.only ?? defect?.operations
  const tables = await openTables(endpoint)
  const instances = Array.from({ length: callers }, () => startInstance(endpoint, defect))
  let calls = 0
  const property = fc.asyncProperty(programOf(only), async (one) => {
    const history = await runProgram(one, instances, await tables.take(one))
    calls += history.calls.length
    onHistory?.(history.calls.length)
    const linearization = checkHistory(history)
    if (!linearization.isLinearizable) throw new Error(describeHistory(history, linearization))
  })
  const { failed, numRuns, errorInstance, counterexamplePath } = await fc.check(property, {
    seed,
    numRuns: histories,
    endOnFailure: !shrinks,
    ...(path !== undefined && { path }),
  })
  for (const { documents } of instances) documents.destroy()
  tables.close()
  const impossible = errorInstance instanceof Error ? errorInstance.message : undefined
  return {
    histories: numRuns,
    calls,
    impossible: failed ? (impossible ?? String(errorInstance)) : undefined,
    path: counterexamplePath,
  }
}
