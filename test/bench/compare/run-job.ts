import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Job } from './job.ts'

export type Run = {
  /** The bundled measure.ts. */
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
  readonly job: Job
}

const timeoutMs = 180_000

/** Runs a job in a fresh process and resolves to its result. Rejects with what the process printed. */
export async function runJob({ program, environment, job }: Run): Promise<unknown> {
  const child = spawn(process.execPath, [...nodeOptions(), program], {
    env: { ...environment, COMPARE_JOB: JSON.stringify(job) },
    // A Lambda's log lines cost what a write costs, wherever they go.
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  })
  const [, , stderr, result] = child.stdio
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [errors, json, code] = await Promise.all([
    text(stderr as NodeJS.ReadableStream),
    text(result as NodeJS.ReadableStream),
    ended,
  ])
  if (code !== 0 || json === '') throw new Error(`a measuring process failed (${code}): ${errors}`)
  return JSON.parse(json)
}

/** Options of Node, such as `--cpu-prof`, for the measuring processes. */
const nodeOptions = () => (process.env.COMPARE_NODE_OPTIONS ?? '').split(' ').filter(Boolean)
