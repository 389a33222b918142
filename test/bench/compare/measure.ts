import type { Figures, Job } from './job.ts'
import { operationsOf } from './operations.ts'

const job: Job = JSON.parse(process.env.COMPARE_JOB ?? '')

/** Runs an operation many times; the median latency, and the CPU of the average run. */
async function measure(operation: () => Promise<unknown>): Promise<Figures> {
  for (let run = 0; run < job.warmUp; run += 1) await operation()
  const times: number[] = []
  const begin = process.cpuUsage()
  for (let run = 0; run < job.count; run += 1) {
    const began = performance.now()
    await operation()
    times.push(performance.now() - began)
  }
  const { user, system } = process.cpuUsage(begin)
  const latency = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
  return { latency, cpu: (user + system) / 1000 / job.count }
}

/** Runs an operation once; the time and CPU since the start of the process. */
async function first(operation: () => Promise<unknown>): Promise<Figures> {
  await operation()
  const { user, system } = process.cpuUsage()
  return { latency: performance.now(), cpu: (user + system) / 1000 }
}

async function run(): Promise<unknown> {
  const { file, input, work } = job
  const lambda = await import(file)
  if (work === 'token') return lambda.issueInitialAccessToken()
  if (work === 'put' || work === 'first put') {
    const { put, getAndPut } = await lambda.copies(input)
    if (work === 'first put') return first(getAndPut)
    return { put: await measure(put), getAndPut: await measure(getAndPut) }
  }
  const { register, registerByOperator, client } = await operationsOf(job, lambda.handler)
  if (work === 'first') return first(register)
  const registering = await measure(register)
  const byOperator = registerByOperator && (await measure(registerByOperator))
  const { read, update } = await client()
  return {
    register: registering,
    byOperator,
    read: await measure(read),
    update: await measure(update),
  }
}

// An import of node:fs would load its streams into both cold starts.
process.getBuiltinModule('node:fs').writeSync(3, JSON.stringify(await run()))
process.exit()
