import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Ask, Figures, Job } from './job.ts'

export type Run = {
  /** The bundled measure.ts. */
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
  readonly job: Job
}

const timeoutMs = 600_000

/** Runs a job in a fresh process and resolves to its result. Rejects with what the process printed. */
export async function runJob(run: Run): Promise<unknown> {
  const child = start(run, 'pipe')
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [errors, json, code] = await Promise.all([
    text(child.stdio[2] as NodeJS.ReadableStream),
    text(child.stdio[3] as NodeJS.ReadableStream),
    ended,
  ])
  if (code !== 0 || json === '') throw new Error(`a measuring process failed (${code}): ${errors}`)
  return JSON.parse(json)
}

export type Worker = {
  /** Rejects with what the process printed, if it fails. */
  readonly ask: (question: Ask) => Promise<Figures>
  readonly end: () => Promise<void>
}

/** Starts a process that runs operations when it is asked to, and does nothing in between. */
export async function startWorker(run: Run): Promise<Worker> {
  const child = start(run, 'ipc')
  const errors = text(child.stdio[2] as NodeJS.ReadableStream)
  const closed = once(child, 'close')
  const failed = closed.then(async ([code]) => {
    throw new Error(`a measuring process failed (${code}): ${await errors}`)
  })
  failed.catch(() => {}) // it also ends when nobody waits for its answer
  const answer = async () => (await Promise.race([once(child, 'message'), failed]))[0]
  await answer()
  return {
    async ask(question) {
      const answered = answer()
      child.send(question)
      return answered
    },
    async end() {
      child.kill()
      await closed
    },
  }
}

const start = ({ program, environment, job }: Run, channel: 'pipe' | 'ipc'): ChildProcess =>
  spawn(process.execPath, [...nodeOptions(), program], {
    env: { ...environment, COMPARE_JOB: JSON.stringify(job) },
    // A Lambda's log lines cost what a write costs, wherever they go.
    stdio: ['ignore', 'ignore', 'pipe', channel],
    timeout: timeoutMs,
  })

/** Options of Node, such as `--cpu-prof`, for the measuring processes. */
const nodeOptions = () => (process.env.COMPARE_NODE_OPTIONS ?? '').split(' ').filter(Boolean)
