import type { Ask, Figures, Job } from './job.ts'
import { operationsOf } from './operations.ts'

const job: Job = JSON.parse(process.env.COMPARE_JOB ?? '')

type Operation = () => Promise<unknown>

async function measure(operation: Operation, count: number): Promise<Figures> {
  const times: number[] = []
  const begin = process.cpuUsage()
  for (let run = 0; run < count; run += 1) {
    const began = performance.now()
    await operation()
    times.push(performance.now() - began)
  }
  const { user, system } = process.cpuUsage(begin)
  const latency = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
  return { latency, cpu: (user + system) / 1000 / count }
}

/** Runs an operation once; the time and CPU since the start of the process. */
async function first(operation: Operation): Promise<Figures> {
  await operation()
  const { user, system } = process.cpuUsage()
  return { latency: performance.now(), cpu: (user + system) / 1000 }
}

async function resultOf({ file, input, work }: Job): Promise<unknown> {
  const lambda = await import(file)
  if (work === 'token') return lambda.issueInitialAccessToken()
  if (work === 'first put') return first((await lambda.copies(input)).getAndPut)
  return first(operationsOf(job, lambda.handler).register)
}

async function answer({ file, input, work }: Job): Promise<void> {
  const lambda = await import(file)
  const operations: Readonly<Record<string, Operation>> =
    work === 'put'
      ? { ...(await lambda.copies(input)), ...(await lambda.ourCopies(input)) }
      : await allOperations(lambda.handler)
  process.on('message', async ({ operation, count }: Ask) => {
    const run = operations[operation]
    if (run === undefined) throw new Error(`no operation ${operation}`)
    process.send?.(await measure(run, count))
  })
  process.send?.('ready')
}

async function allOperations(handler: Parameters<typeof operationsOf>[1]) {
  const { client, ...registrations } = operationsOf(job, handler)
  return { ...registrations, ...(await client()) }
}

if (job.work === 'operations' || job.work === 'put') await answer(job)
else {
  // An import of node:fs would load its streams into both cold starts.
  process.getBuiltinModule('node:fs').writeSync(3, JSON.stringify(await resultOf(job)))
  process.exit()
}
