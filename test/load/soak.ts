import { setTimeout as sleep } from 'node:timers/promises'
import { httpClient } from './http-client.ts'
import { residentMegabytes } from './memory.ts'
import { type Acknowledged, mixedLoad, readClient } from './mixed.ts'
import { type Side, startOurs } from './sides.ts'

const help = `npm run soak [-- --minutes 10]

Registers, reads, updates and deletes clients over 16 connections at the local service, as npm start starts it.
Prints the requests per second and the resident memory of the service and its embedded DynamoDB, each minute.

Exits 1 where a response is not the expected one, where the memory after the first minute grows by more than 10 %
(the median minute of the later half, beside that of the earlier half), where a client that was acknowledged cannot
be read afterwards with its latest token, or where an event was not published. Linux only.`

const connections = 16
const sampleMs = 2_000
const maxGrowth = 1.1
const drainTimeoutMs = 60_000

let missed = 0
function judge(name: string, figure: string, isMet: boolean): void {
  if (!isMet) missed += 1
  console.log(`  ${name.padEnd(40)}${figure.padStart(20)}  ${isMet ? 'met' : 'MISSED'}`)
}

async function soak(minutes: number): Promise<void> {
  const published = countEvents()
  const ours = await startOurs(published.read)
  const client = httpClient(ours.url, connections)
  const acknowledged: Acknowledged = {
    clients: new Map(),
    counts: { register: 0, read: 0, update: 0, delete: 0 },
  }
  try {
    const end = Date.now() + minutes * 60_000
    const isOver = () => Date.now() >= end
    const memory = watch(ours, acknowledged, minutes, isOver)
    const load = () => mixedLoad(ours, client, acknowledged, isOver)
    await Promise.all(Array.from({ length: connections }, load))
    const medians = await memory
    judgeMemory(medians)
    await judgeClients(ours, acknowledged, client)
    await judgeEvents(published, acknowledged)
  } finally {
    client.close()
    await ours.close()
  }
  console.log(missed === 0 ? '\nEvery goal is met.' : `\n${missed} missed.`)
  if (missed > 0) process.exitCode = 1
}

/** Prints each minute; resolves to the median memory of each minute, in MB. */
async function watch(
  { process: { pid = 0 } }: Side,
  { counts, clients }: Acknowledged,
  minutes: number,
  isOver: () => boolean,
): Promise<readonly number[]> {
  const medians: number[] = []
  let before = 0
  console.log('  minute   requests/s   clients   resident MB (median)')
  for (let minute = 1; minute <= minutes; minute += 1) {
    const samples: number[] = []
    for (const until = Date.now() + 60_000; Date.now() < until && !isOver(); await sleep(sampleMs))
      samples.push(residentMegabytes(pid))
    medians.push(median(samples))
    const requests = counts.register + counts.read + counts.update + counts.delete
    const cells = [minute, ((requests - before) / 60).toFixed(0), clients.size]
    before = requests
    console.log(
      `${cells.map((cell) => String(cell).padStart(9)).join(' ')}   ${median(samples).toFixed(0).padStart(9)}`,
    )
  }
  return medians
}

/** Compares halves: the memory of one minute depends on when garbage was collected last. */
function judgeMemory([, ...medians]: readonly number[]): void {
  const middle = Math.ceil(medians.length / 2)
  const growth = median(medians.slice(middle)) / median(medians.slice(0, middle))
  const name = `memory, later / earlier half [${maxGrowth}]`
  judge(name, growth.toFixed(2), medians.length < 2 || growth <= maxGrowth)
}

async function judgeClients(
  ours: Side,
  { clients, counts }: Acknowledged,
  client: ReturnType<typeof httpClient>,
): Promise<void> {
  const rest = [...clients.values()]
  let readable = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const { client_id } = await readClient(ours, client, next)
        if (client_id === next.client_id) readable += 1
      }
    }),
  )
  judge(
    'clients that are readable afterwards',
    `${readable} of ${clients.size}`,
    rest.length === 0 && readable === clients.size,
  )
  console.log(`  ${JSON.stringify(counts)}`)
}

/** Each registration, update and deletion is an event. Those that are on their way are waited for. */
async function judgeEvents(
  published: ReturnType<typeof countEvents>,
  { counts }: Acknowledged,
): Promise<void> {
  const expected = counts.register + counts.delete
  for (const late = Date.now() + drainTimeoutMs; Date.now() < late; await sleep(200))
    if (published.count() >= expected) break
  const figure = `${published.count()} of ${expected}`
  judge('registrations and deletions with an event', figure, published.count() === expected)
}

/** Counts the events of registrations and deletions in what the local service prints. */
function countEvents() {
  let count = 0
  let rest = ''
  return {
    read(text: string) {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      count += lines.filter((line) => /^event client\.(registered|deleted) /i.test(line)).length
    },
    count: () => count,
  }
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const [option, value] = process.argv.slice(2)
if (option === '--help') console.log(help)
else if (option !== undefined && (option !== '--minutes' || !/^[1-9]\d*$/.test(value ?? ''))) {
  console.error('unknown option; the only ones are --minutes (a whole number) and --help')
  process.exitCode = 1
} else await soak(Number(value ?? 10))
