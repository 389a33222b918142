import { load, type Operation, operations } from './operations.ts'
import { type Side, startOurs, startTheirs } from './sides.ts'

const help = `npm run load [-- --seconds 60]

Sends requests over 16 connections to the local service, as npm start starts it: registrations for a minute, and
prints how many a second it answers in each 5 s. Then does the same as oidc-provider's own server, which stores its
clients in an instance of the same embedded DynamoDB, in alternating rounds.

Exits 1 where the local service becomes slower with time, where it is slower beside oidc-provider than the goals, or
where a request fails. Takes about three minutes.`

const connections = 16
const sliceSeconds = 5
const rounds = 3
const roundSeconds = 5
const minOfFirst = 0.9
/** Requests per second, ours divided by theirs; at least. */
const goals = { register: 0.6, read: 1, update: 0.6 } as const

let missed = 0

const row = (cells: readonly (string | number)[], verdict = '') => {
  const [first = '', ...rest] = cells.map(String)
  console.log(`  ${first.padEnd(30)}${rest.map((cell) => cell.padStart(9)).join('')}  ${verdict}`)
}

function judge(isMet: boolean): string {
  if (!isMet) missed += 1
  return isMet ? 'met' : 'MISSED'
}

const progress = (text: string) => process.stderr.write(`\r\x1b[K${text}`)

async function steadiness(ours: Side, seconds: number): Promise<void> {
  progress(`${seconds} s of registrations`)
  const rates = await load(ours, 'register', { connections, seconds, sliceSeconds })
  progress('')
  console.log(`Registrations per second over ${connections} connections, in each ${sliceSeconds} s`)
  for (const [slice, rate] of rates.entries())
    row([`${slice * sliceSeconds} to ${(slice + 1) * sliceSeconds} s`, rate.toFixed(0)])
  const [, ...warm] = rates
  const third = Math.max(1, Math.floor(warm.length / 3))
  const ratio = mean(warm.slice(-third)) / mean(warm.slice(0, third))
  const cells = ['last third / first third', ratio.toFixed(2), `[${minOfFirst}]`]
  row(cells, judge(ratio >= minOfFirst))
}

async function comparison(ours: Side, theirs: Side): Promise<void> {
  const options = { connections, seconds: roundSeconds }
  const measured = { ours: rates(), theirs: rates() }
  for (let round = 0; round <= rounds; round += 1)
    for (const operation of operations)
      for (const [name, side] of Object.entries({ ours, theirs }) as ['ours' | 'theirs', Side][]) {
        progress(`round ${round} of ${rounds}: ${name}, ${operation}`)
        const [rate = 0] = await load(side, operation, options)
        // The first round warms both up.
        if (round > 0) measured[name][operation].push(rate)
      }
  progress('')
  console.log(`\nRequests per second beside oidc-provider, median of ${rounds} alternating rounds`)
  row(['', 'ours', 'theirs', 'ratio', 'goal'])
  for (const operation of operations) {
    const [one, other] = [median(measured.ours[operation]), median(measured.theirs[operation])]
    const goal = goals[operation]
    const cells = [operation, one.toFixed(0), other.toFixed(0), (one / other).toFixed(2), goal]
    row(cells, judge(one / other >= goal))
  }
}

const rates = (): Record<Operation, number[]> => ({ register: [], read: [], update: [] })
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

async function main(seconds: number): Promise<void> {
  progress('starting')
  const ours = await startOurs()
  try {
    await steadiness(ours, seconds)
    const theirs = await startTheirs()
    await comparison(ours, theirs).finally(theirs.close)
  } finally {
    await ours.close()
  }
  console.log(missed === 0 ? '\nEvery goal is met.' : `\n${missed} missed.`)
  if (missed > 0) process.exitCode = 1
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const [option, value] = process.argv.slice(2)
if (option === '--help') console.log(help)
else if (option !== undefined && (option !== '--seconds' || !(Number(value) >= 15))) {
  console.error('unknown option; the only ones are --seconds (at least 15) and --help')
  process.exitCode = 1
} else await main(Number(value ?? 60))
