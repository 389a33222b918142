import { setTimeout as pause } from 'node:timers/promises'
import type { DisableJobView } from '../../../lib/disable-job/job-view.ts'

/** The service, and the operator's token. */
export type Service = { readonly url: string; readonly token: string }

const timeoutMs = 30_000

/** Attempts of a request that can be repeated, and the seconds between two of them. */
const maxAttempts = 5
const maxPauseSeconds = 10

/** Creates a job. It is not repeated: after a lost response, the list of jobs shows whether it exists. */
export const createJob = (service: Service, body: object): Promise<DisableJobView> =>
  send(service, '/clients/disable', body)

/** Continues, cancels or undoes a job. Repeats the request while the service is unavailable. */
export async function changeJob(
  service: Service,
  id: string,
  action: 'continue' | 'cancel' | 'undo',
): Promise<DisableJobView> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(service, `/disable-jobs/${encodeURIComponent(id)}`, { action })
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt === maxAttempts) throw error
      await pause(Math.min(error.retryAfterSeconds * attempt, maxPauseSeconds) * 1000)
    }
  }
}

/** No response, a throttled request, or a fault of the service. */
class Unavailable extends Error {
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds = 1) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

async function send({ url, token }: Service, path: string, body: object): Promise<DisableJobView> {
  const address = `${url.replace(/\/$/, '')}${path}`
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: Error) => {
    throw new Unavailable(`${address} does not answer: ${causeOf(error)}`)
  })
  const text = await response.text()
  if (response.ok) return parse(text)
  const problem = `${response.status}: ${descriptionIn(text)}`
  if (response.status < 500 && response.status !== 429) throw new Error(problem)
  throw new Unavailable(problem, Number(response.headers.get('retry-after')) || undefined)
}

const causeOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? cause.message : message

function parse(text: string): DisableJobView {
  const job: unknown = JSON.parse(text)
  const isJob = typeof job === 'object' && job !== null && 'client_ids' in job
  if (!isJob) throw new Error("expected a job: is --url the stack's output Url?")
  return job as DisableJobView // the service's own response
}

function descriptionIn(text: string): string {
  try {
    const { error_description, message } = JSON.parse(text)
    return String(error_description ?? message)
  } catch {
    return 'no JSON in the response'
  }
}
