import type { Figures } from './job.ts'
import type { Worker } from './run-job.ts'
import type { Side, Sides } from './sides.ts'

/** The operations that are compared, in the order in which they take turns. */
const turns = [
  ['ours', 'register'],
  ['theirs', 'register'],
  ['put', 'put'],
  ['put', 'getAndPut'],
  ['put', 'getAndUpdate'],
  ['ours', 'registerByOperator'],
  ['ours', 'read'],
  ['theirs', 'read'],
  ['ours', 'update'],
  ['theirs', 'update'],
] as const satisfies readonly (readonly [Side, string])[]

type Turn = (typeof turns)[number]
export type Measured = Turn extends infer T extends Turn ? `${T[0]} ${T[1]}` : never

export type Plan = {
  /** Adds milliseconds to each request to DynamoDB. */
  readonly slow: boolean
  /** How often each operation runs before it is measured: the compilers of V8 need thousands. */
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
  const workers = {
    ours: await sides.start('ours', slow),
    theirs: await sides.start('theirs', slow),
    put: await sides.start('put', slow),
  } satisfies Record<Side, Worker>
  try {
    for (const [side, operation] of turns) await workers[side].ask({ operation, count: warmUp })
    const figures: Partial<Record<Measured, Figures[]>> = {}
    for (let slice = 0; slice < slices; slice += 1)
      for (const [side, operation] of turns) {
        const measured = await workers[side].ask({ operation, count: size })
        const name = `${side} ${operation}` as Measured
        figures[name] = [...(figures[name] ?? []), measured]
      }
    const averages = Object.entries(figures).map(([name, all]) => [name, summary(all)])
    return Object.fromEntries(averages)
  } finally {
    await Promise.all(Object.values(workers).map((worker) => worker.end()))
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
