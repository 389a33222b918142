import type { Figures } from './job.ts'
import type { Worker } from './run-job.ts'
import type { Side, Sides } from './sides.ts'

/**
 * The operations that are compared, in the order in which they take turns. No side has two turns
 * one after the other, because its process would still be warm.
 */
const turns = [
  ['ours', 'register'],
  ['theirs', 'register'],
  ['put', 'put'],
  ['ours', 'registerByOperator'],
  ['put', 'getAndPut'],
  ['theirs', 'read'],
  ['put', 'ourGetAndPut'],
  ['ours', 'read'],
  ['put', 'getAndUpdate'],
  ['theirs', 'update'],
  ['put', 'ourGetAndUpdate'],
  ['ours', 'update'],
  ['put', 'ourPut'],
] as const satisfies readonly (readonly [Side, string])[]

type Turn = (typeof turns)[number]
export type Measured = Turn extends infer T extends Turn ? `${T[0]} ${T[1]}` : never

export type Plan = {
  /** Adds milliseconds to each request to DynamoDB. */
  readonly slow: boolean
  /** How often each operation runs before it is measured, while V8 compiles it. */
  readonly warmUp: number
  /** How often the operations take turns. */
  readonly slices: number
  /** How often an operation runs in one turn. */
  readonly size: number
}

/** What the operations cost in one round, by side and name. */
export type Round = Readonly<Record<Measured, Figures>>

/**
 * Runs each side in a fresh process. The operations take turns of a fraction of a second, so that a
 * machine that others slow down for a while slows them all down.
 */
export async function measureRound(sides: Sides, plan: Plan): Promise<Round> {
  const { slow, warmUp, slices, size } = plan
  const workers = new Map<Side, Worker>()
  try {
    for (const side of ['ours', 'theirs', 'put'] as const)
      workers.set(side, await sides.start(side, slow))
    const ask = async ([side, operation]: Turn, count: number) => {
      const worker = workers.get(side)
      if (worker === undefined) throw new Error(`no worker ${side}`)
      return worker.ask({ operation, count })
    }
    for (const turn of turns) await ask(turn, warmUp)
    const figures: Partial<Record<Measured, Figures[]>> = {}
    for (let slice = 0; slice < slices; slice += 1)
      for (const turn of slice % 2 === 0 ? turns : turns.toReversed()) {
        const measured = await ask(turn, size)
        const name = turn.join(' ') as Measured
        figures[name] = [...(figures[name] ?? []), measured]
      }
    const averages = Object.entries(figures).map(([name, all]) => [name, summary(all)])
    return Object.fromEntries(averages)
  } finally {
    await Promise.all([...workers.values()].map((worker) => worker.end()))
  }
}

const summary = (figures: readonly Figures[]): Figures => ({
  latency: median(figures.map(({ latency }) => latency)),
  cpu: figures.reduce((sum, { cpu }) => sum + cpu, 0) / figures.length,
})

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
