import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figures } from './job.ts'
import { type Measured, measureRound, median, type Plan, type Round } from './rounds.ts'
import { delayMs, prepareSides, type Side, type Sides } from './sides.ts'

const rounds = 3
const coldStarts = 9
const fast: Plan = { slow: false, warmUp: 1_000, slices: 15, size: 50 }
const slow: Plan = { slow: true, warmUp: 40, slices: 6, size: 10 }

const operations = ['register', 'read', 'update'] as const

/** Ours divided by theirs, or by a bare conditional put of the same item; at most. */
const goals = {
  cpu: { register: 0.8, read: 0.7, update: 0.6 },
  slow: { register: 0.75, read: 0.55, update: 0.45 },
  put: { register: 1.4, read: 1.4, update: 2.2 },
  requests: 1.4,
  coldStart: 0.5,
  coldStartOverBare: 1.4,
} as const

type Row = {
  readonly name: string
  /** One value of each round, or of each cold start. */
  readonly ours: readonly number[]
  readonly theirs: readonly number[]
  readonly goal?: number
  /**
   * What the operation's bare requests cost by our client, beside the same: no goal below it can be
   * met with the AWS SDK. Such a goal does not fail the command; the row over the bare requests has
   * one instead.
   */
  readonly floor?: readonly number[]
}

/**
 * Compares this service with oidc-provider as a Lambda, alternating, each in a process and on an
 * engine of its own. Prints a table; resolves to whether every goal is met.
 */
export async function compare(): Promise<boolean> {
  process.env.AWS_ACCESS_KEY_ID = 'local'
  process.env.AWS_SECRET_ACCESS_KEY = 'local'
  process.env.AWS_REGION = 'eu-central-1'
  const directory = mkdtempSync(join(tmpdir(), 'compare-'))
  const progress = (text: string) => process.stderr.write(`\r\x1b[K${text}`)
  progress('bundling')
  const sides = await prepareSides(directory)
  try {
    const rows = await measureAll(sides, progress)
    progress('')
    return print(rows)
  } finally {
    await sides.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureAll(sides: Sides, progress: (text: string) => void): Promise<readonly Row[]> {
  const results: Round[] = []
  const slowResults: Round[] = []
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}`)
    results.push(await measureRound(sides, fast))
    progress(`round ${round} of ${rounds}, with ${delayMs} ms more`)
    slowResults.push(await measureRound(sides, slow))
  }
  const cold = { ours: [] as Figures[], theirs: [] as Figures[], put: [] as Figures[] }
  for (let start = 1; start <= coldStarts; start += 1)
    for (const side of ['ours', 'theirs', 'put'] as const) {
      progress(`cold start ${start} of ${coldStarts}: ${side}`)
      cold[side].push((await sides.run(side, side === 'put' ? 'first put' : 'first')) as Figures)
    }
  return [...operationRows(results, slowResults), ...requestRows(results), ...coldStartRows(cold)]
}

const of = (from: readonly Round[], name: Measured, kind: keyof Figures): readonly number[] =>
  from.map((round) => round[name][kind])

function operationRows(results: readonly Round[], slowResults: readonly Round[]): Row[] {
  const compared = (
    title: string,
    from: readonly Round[],
    kind: keyof Figures,
    goal?: Readonly<Record<(typeof operations)[number], number>>,
  ): Row[] =>
    operations.map((name) => ({
      name: `${name}, ${title}`,
      ours: of(from, `ours ${name}`, kind),
      theirs: of(from, `theirs ${name}`, kind),
      ...(goal && { goal: goal[name] }),
    }))
  return [
    ...compared('CPU', results, 'cpu', goals.cpu),
    ...compared('latency', results, 'latency'),
    ...compared(`latency with ${delayMs} ms more`, slowResults, 'latency', goals.slow),
    ...compared(`CPU with ${delayMs} ms more`, slowResults, 'cpu'),
  ]
}

/** The operations beside a put, and beside the bare requests that they cannot do without. */
function requestRows(results: readonly Round[]): Row[] {
  const put = of(results, 'put put', 'cpu')
  const requests = {
    register: of(results, 'put getAndPut', 'cpu'),
    update: of(results, 'put getAndUpdate', 'cpu'),
  }
  const floors = {
    register: of(results, 'put ourGetAndPut', 'cpu'),
    read: of(results, 'put ourPut', 'cpu'),
    update: of(results, 'put ourGetAndUpdate', 'cpu'),
  }
  return [
    ...operations.map((name) => ({
      name: `${name}, CPU over a put`,
      ours: of(results, `ours ${name}`, 'cpu'),
      theirs: put,
      goal: goals.put[name],
      floor: floors[name],
    })),
    ...(['register', 'update'] as const).map((name) => ({
      name: `${name}, CPU over its requests`,
      ours: of(results, `ours ${name}`, 'cpu'),
      theirs: requests[name],
      goal: goals.requests,
    })),
    {
      name: 'register by operator, CPU over a put',
      ours: of(results, 'ours registerByOperator', 'cpu'),
      theirs: put,
    },
  ]
}

function coldStartRows(cold: Readonly<Record<Side, readonly Figures[]>>): Row[] {
  const start = (side: Side, kind: keyof Figures) => cold[side].map((figures) => figures[kind])
  return [
    {
      name: 'cold start',
      ours: start('ours', 'latency'),
      theirs: start('theirs', 'latency'),
      goal: goals.coldStart,
      floor: start('put', 'latency'),
    },
    { name: 'cold start, CPU', ours: start('ours', 'cpu'), theirs: start('theirs', 'cpu') },
    {
      name: 'cold start over a get and a put',
      ours: start('ours', 'latency'),
      theirs: start('put', 'latency'),
      goal: goals.coldStartOverBare,
    },
    {
      name: 'cold start over a get and a put, CPU',
      ours: start('ours', 'cpu'),
      theirs: start('put', 'cpu'),
    },
  ]
}

function print(rows: readonly Row[]): boolean {
  console.log(
    `Milliseconds, ours and theirs (oidc-provider), or a bare put; median of ${rounds} rounds, in each of which the operations take turns, after ${fast.warmUp} runs of each; cold start: median of ${coldStarts}`,
  )
  const line = (name: string, cells: readonly string[]) =>
    console.log(`  ${name.padEnd(38)}${cells.map((cell) => cell.padStart(9)).join('')}`)
  line('', ['ours', 'theirs', 'ratio', 'lowest', 'highest', 'goal'])
  for (const row of rows) {
    const each = ratios(row)
    line(row.name, [
      ...[
        median(row.ours),
        median(row.theirs),
        ratio(row),
        Math.min(...each),
        Math.max(...each),
      ].map((figure) => figure.toFixed(2)),
      verdict(row),
    ])
  }
  return !rows.some(isMissed)
}

const ratios = ({ ours, theirs }: Row): readonly number[] => over(ours, theirs)

const over = (values: readonly number[], others: readonly number[]) =>
  values.map((value, at) => value / (others[at] ?? Number.NaN))

/** Of the round in the middle: what others do to the machine differs from round to round. */
const ratio = (row: Row): number => median(ratios(row))

const floorOf = ({ floor, theirs }: Row): number => (floor ? median(over(floor, theirs)) : 0)

const isMissed = (row: Row): boolean =>
  row.goal !== undefined && ratio(row) > row.goal && floorOf(row) <= row.goal

function verdict(row: Row): string {
  const { goal } = row
  if (goal === undefined) return ''
  const floor = floorOf(row)
  const missed = floor > goal ? `out of reach: its requests alone ${floor.toFixed(2)}` : 'MISSED'
  return `${goal.toFixed(2).padStart(9)}  ${ratio(row) <= goal ? 'met' : missed}`
}
