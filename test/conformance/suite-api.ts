import { setTimeout as sleep } from 'node:timers/promises'

export type Variant = Readonly<Record<string, string>>
export type Plan = { readonly name: string; readonly variant: Variant }
export type Module = { readonly testModule: string; readonly variant?: Variant }
export type Result = 'PASSED' | 'WARNING' | 'REVIEW' | 'SKIPPED' | 'FAILED' | 'UNKNOWN'

/** A condition of a test that did not hold, or that a person has to look at. */
export type Condition = {
  readonly result: string
  readonly name: string
  readonly message: string
}

type LogEntry = {
  readonly result?: string
  readonly src?: string
  readonly msg?: string
}

/** A test that has ended, with the conditions that did not hold. */
export type Ended = { readonly result: Result; readonly conditions: readonly Condition[] }

const timeoutMs = 240_000
const intervalMs = 500
const noted = ['FAILURE', 'WARNING', 'REVIEW', 'SKIPPED', 'INTERRUPTED']

/** The suite's API, without authentication as in its development mode. */
export function suiteApi(url: string) {
  async function call(method: string, path: string, parameters: Variant = {}, body?: object) {
    const target = new URL(path, url)
    target.search = `${new URLSearchParams(parameters)}`
    const response = await fetch(target, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`)
    return text === '' ? {} : JSON.parse(text)
  }

  async function createPlan({ name, variant }: Plan, configuration: object) {
    const parameters = { planName: name, variant: JSON.stringify(variant) }
    const plan = await call('POST', '/api/plan', parameters, configuration)
    return { id: String(plan.id), modules: plan.modules as readonly Module[] }
  }

  /** Runs a test to its end. `prepare` is for a test that waits for the operator before it starts. */
  async function run(
    plan: string,
    { testModule, variant }: Module,
    prepare: (() => void) | undefined,
  ): Promise<Ended> {
    const { id } = await call('POST', '/api/runner', {
      test: testModule,
      plan,
      ...(variant && { variant: JSON.stringify(variant) }),
    })
    let isWaiting = prepare !== undefined
    for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(intervalMs)) {
      const { status, result } = await call('GET', `/api/info/${id}`)
      if (status === 'CONFIGURED' && isWaiting) {
        isWaiting = false
        prepare?.()
        await call('POST', `/api/runner/${id}`)
      }
      if (status === 'FINISHED' || status === 'INTERRUPTED')
        return { result: result ?? 'UNKNOWN', conditions: await conditions(id) }
    }
    await call('DELETE', `/api/runner/${id}`)
    const message = `the test did not end in ${timeoutMs / 1000} s`
    return { result: 'UNKNOWN', conditions: [{ result: 'FAILURE', name: testModule, message }] }
  }

  async function conditions(id: string): Promise<readonly Condition[]> {
    const entries: readonly LogEntry[] = await call('GET', `/api/log/${id}`)
    return entries
      .filter(({ result = '' }) => noted.includes(result))
      .map(({ result = '', src = '', msg = '' }) => ({ result, name: src, message: msg }))
  }

  return { createPlan, run }
}
