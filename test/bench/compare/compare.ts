import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figures } from './job.ts'
import { delayMs, prepareSides, type Side } from './sides.ts'

const rounds = 3
const coldStarts = 9
const work = { work: 'operations', warmUp: 400, count: 300 } as const
const slowWork = { work: 'operations', warmUp: 40, count: 60 } as const

const operations = ['register', 'read', 'update'] as const
type Operation = (typeof operations)[number]
type Measured = Readonly<Record<Operation, Figures>> & { readonly byOperator?: Figures }

/** Ours divided by theirs, or by a bare conditional put of the same item; at most. */
const goals = {
  cpu: { register: 0.8, read: 0.7, update: 0.6 },
  slow: { register: 0.75, read: 0.55, update: 0.45 },
  put: { register: 1.4, read: 1.4, update: 2.2 },
  getAndPut: { register: 1.4, update: 1.7 },
  coldStart: 0.5,
  coldStartOverBare: 1.4,
} as const

type Row = {
  readonly name: string
  readonly ours: number
  readonly theirs: number
  readonly goal?: number
  /**
   * What the operation's bare requests cost, as a ratio: no goal below it can be met with the AWS
   * SDK. Such a goal does not fail the command; the row over the bare requests has one instead.
   */
  readonly floor?: number
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
    const rows = await measureAll(sides.run, progress)
    progress('')
    return print(rows)
  } finally {
    await sides.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

type RunSide = Awaited<ReturnType<typeof prepareSides>>['run']

async function measureAll(run: RunSide, progress: (text: string) => void): Promise<readonly Row[]> {
  const results = { ours: [] as Measured[], theirs: [] as Measured[] }
  const slow = { ours: [] as Measured[], theirs: [] as Measured[] }
  const cold = { ours: [] as Figures[], theirs: [] as Figures[], put: [] as Figures[] }
  const bare: Readonly<Record<'put' | 'getAndPut', Figures>>[] = []
  const both = ['ours', 'theirs'] as const satisfies readonly Side[]
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of both) {
      progress(`round ${round} of ${rounds}: ${side}`)
      results[side].push((await run(side, work)) as Measured)
    }
    progress(`round ${round} of ${rounds}: a bare put`)
    bare.push((await run('put', { ...work, work: 'put' })) as (typeof bare)[number])
    for (const side of both) {
      progress(`round ${round} of ${rounds}: ${side}, with ${delayMs} ms more`)
      slow[side].push((await run(side, slowWork, true)) as Measured)
    }
  }
  for (let start = 1; start <= coldStarts; start += 1)
    for (const side of [...both, 'put'] as const) {
      progress(`cold start ${start} of ${coldStarts}: ${side}`)
      const work = side === 'put' ? 'first put' : 'first'
      cold[side].push((await run(side, { work, warmUp: 0, count: 1 })) as Figures)
    }

  const figure = (from: readonly Measured[], name: Operation, kind: keyof Figures) =>
    median(from.map((measured) => measured[name][kind]))
  const compared = (
    title: string,
    { ours, theirs }: typeof results,
    kind: keyof Figures,
    goal?: Readonly<Record<Operation, number>>,
  ): Row[] =>
    operations.map((name) => ({
      name: `${name}, ${title}`,
      ours: figure(ours, name, kind),
      theirs: figure(theirs, name, kind),
      ...(goal && { goal: goal[name] }),
    }))
  const put = median(bare.map(({ put }) => put.cpu))
  const getAndPut = median(bare.map(({ getAndPut }) => getAndPut.cpu))
  const start = (side: keyof typeof cold, kind: keyof Figures) =>
    median(cold[side].map((figures) => figures[kind]))
  return [
    ...compared('CPU', results, 'cpu', goals.cpu),
    ...compared('latency', results, 'latency'),
    ...compared(`latency with ${delayMs} ms more`, slow, 'latency', goals.slow),
    ...compared(`CPU with ${delayMs} ms more`, slow, 'cpu'),
    ...operations.map((name) => ({
      name: `${name}, CPU over a put`,
      ours: figure(results.ours, name, 'cpu'),
      theirs: put,
      goal: goals.put[name],
      floor: (name === 'read' ? put : getAndPut) / put,
    })),
    ...(['register', 'update'] as const).map((name) => ({
      name: `${name}, CPU over a get and a put`,
      ours: figure(results.ours, name, 'cpu'),
      theirs: getAndPut,
      goal: goals.getAndPut[name],
    })),
    {
      name: 'register by operator, CPU over a put',
      ours: median(results.ours.map(({ byOperator }) => byOperator?.cpu ?? Number.NaN)),
      theirs: put,
    },
    {
      name: 'cold start',
      ours: start('ours', 'latency'),
      theirs: start('theirs', 'latency'),
      goal: goals.coldStart,
      floor: start('put', 'latency') / start('theirs', 'latency'),
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
    `Milliseconds, ours and theirs (oidc-provider), or a bare put; median of ${rounds} alternating rounds, cold start of ${coldStarts}`,
  )
  const line = (name: string, cells: readonly string[]) =>
    console.log(`  ${name.padEnd(38)}${cells.map((cell) => cell.padStart(9)).join('')}`)
  line('', ['ours', 'theirs', 'ratio', 'goal'])
  for (const row of rows)
    line(row.name, [
      row.ours.toFixed(2),
      row.theirs.toFixed(2),
      ratio(row).toFixed(2),
      verdict(row),
    ])
  return !rows.some(isMissed)
}

const ratio = ({ ours, theirs }: Row): number => ours / theirs

const isMissed = (row: Row): boolean =>
  row.goal !== undefined && ratio(row) > row.goal && (row.floor ?? 0) <= row.goal

function verdict(row: Row): string {
  const { goal, floor = 0 } = row
  if (goal === undefined) return ''
  const missed = floor > goal ? `out of reach: its requests alone ${floor.toFixed(2)}` : 'MISSED'
  return `${goal.toFixed(2).padStart(9)}  ${ratio(row) <= goal ? 'met' : missed}`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
