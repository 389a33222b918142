import { randomUUID } from 'node:crypto'
import { OAuthError } from '../../lib/errors.ts'
import { now as beginning } from '../support/clients.ts'
import { composeServer } from '../support/compose.ts'
import { signer } from '../support/signer.ts'
import type { Call, History } from './call.ts'
import { inspectAll } from './inspect-all.ts'
import { type HeldRequest, type Instance, isAmbiguous } from './instance.ts'
import type { Known, Step } from './known.ts'
import type { Outcome } from './operation.ts'
import { operationOf } from './operations/table.ts'
import type { Program, Turn, Wait } from './program.ts'

const issuer = signer()

/** Tokens expire after seconds, or live through the nights of clean-up. */
const settingsOf = ({ rotation, settings }: Pick<Program, 'rotation' | 'settings'>) => ({
  ...settings,
  registration: 'dynamic' as const,
  registrationAccessToken: {
    ...rotation,
    lifetime: settings.cleanUp === undefined ? 60 : 2_592_000,
  },
  accessTokenIssuers: [
    {
      issuer: issuer.issuer,
      jwks: issuer.jwks,
      audience: ['https://as.example/register'],
      singleUse: true,
    },
  ],
})

type Running = {
  readonly id: string
  /** In the order in which they arrived; a night sends several at once. */
  readonly held: HeldRequest[]
  readonly requests: string[]
  ambiguous: boolean
  marker: string | undefined
}

/**
 * Runs a program. At each moment every caller waits: for the release of a request to DynamoDB, or to
 * begin its next call. One of them goes on at a time, so the program decides what happens.
 */
export async function runProgram(
  { settings, rotation, begin, issue, callers, turns }: Program,
  instances: readonly Instance[],
  TableName: string,
): Promise<History> {
  const accessTokens = [0, 1].map(() => issuer.accessToken({ exp: beginning + 86_400 }))
  const isOrdinary = Object.keys(settings).length === 0
  const known: Known = {
    clients: [],
    initialAccessTokens: [],
    registrations: [],
    accessTokens: isOrdinary ? accessTokens : [],
    sharing: settings.sharing === 'public',
    history: randomUUID(),
  }
  const servers = instances.map(({ documents }) =>
    composeServer(documents, TableName, settingsOf({ rotation, settings })),
  )
  const calls: Call[] = []
  let now = beginning
  let position = 0
  let wake = () => {}

  /** Begins a call; undefined where there is nothing to call it with. */
  function beginCall(caller: number, operation: string, choose: (id: string) => unknown) {
    const { call } = operationOf(operation)
    position += 1
    const id = `${operation.slice(0, 3)}${position}`
    const given = choose(id)
    const [server, instance] = [servers[caller], instances[caller]]
    if (given === undefined || server === undefined || instance === undefined) return undefined
    const own: Running = {
      id,
      held: [],
      requests: [],
      ambiguous: false,
      marker: undefined,
    }
    const began = { caller, id, operation, given, now, begin: position }
    instance.onRequest = (request) => {
      own.held.push(request)
      // An index lags anyway, so it does not matter when it is read.
      if (request.target === 'Query') void release(own, undefined)
      else wake()
    }
    const finished = outcomeOf(call(given, { id, now: began.now }, server, known)).then(
      (outcome) => {
        position += 1
        const isOptional = outcome.is === 'unknown'
        const end = isOptional ? Infinity : position
        const { requests, ambiguous, marker } = own
        calls.push({ ...began, end, isOptional, outcome, requests, ambiguous, marker })
        running.delete(caller)
        wake()
      },
    )
    running.set(caller, own)
    return finished
  }

  function firstStep(one: string | number): Step | Wait {
    if (typeof one === 'number') return { waitSeconds: one }
    const credential = isOrdinary ? 2 : 3
    return one === 'issue' ? issue : { operation: one, subject: 0, credential, variant: 1 }
  }

  const running = new Map<number, Running>()

  async function settle() {
    while ([...running.values()].some(({ held }) => held.length === 0))
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }

  async function release(own: Running, fault: Turn['fault']) {
    const request = own.held.shift()
    if (request === undefined) return
    own.requests.push(fault === undefined ? request.target : `${request.target} (${fault})`)
    if (fault !== undefined && isAmbiguous(fault)) own.ambiguous = true
    own.marker = /spent_by_\d+/.exec(String(request.body.UpdateExpression))?.[0] ?? own.marker
    await request.release(fault)
  }

  /** Lets callers go on until all of their steps have ended. */
  async function run(steps: readonly (readonly (Step | Wait)[])[], chosen: readonly Turn[]) {
    const left = steps.map((own) => [...own])
    for (let turn = 0; ; turn += 1) {
      await settle()
      const able = left.flatMap((own, caller) =>
        own.length > 0 || running.has(caller) ? [caller] : [],
      )
      const { pick, fault } = chosen[turn] ?? { pick: 0, fault: undefined }
      const caller = able[pick % able.length]
      if (caller === undefined) return
      const own = running.get(caller)
      if (own !== undefined) await release(own, fault)
      else {
        const next = left[caller]?.shift()
        if (next === undefined) continue
        if ('waitSeconds' in next) now += next.waitSeconds
        else
          beginCall(caller, next.operation, () => operationOf(next.operation).choose(next, known))
      }
    }
  }

  /** Carries out one call, without faults. */
  async function single(operation: string, given: unknown) {
    beginCall(0, operation, () => given)
    await run([], [])
    for (;;) {
      await settle()
      const own = running.get(0)
      if (own === undefined) return
      await release(own, undefined)
    }
  }

  const [server] = servers
  if (server === undefined) throw new Error('there is no instance')
  for (const one of begin) await run([[firstStep(one)]], [])
  await run(callers, turns)
  const wait = (seconds: number) => {
    now += seconds
  }
  await inspectAll({ calls, known, cleansUp: settings.cleanUp !== undefined, single, wait })
  return { calls, server }
}

async function outcomeOf(call: Promise<object>): Promise<Outcome> {
  try {
    return { is: 'ok', response: (await call) as never }
  } catch (error) {
    if (!(error instanceof OAuthError)) return { is: 'rejected', code: String(error) }
    return error.code === 'temporarily_unavailable'
      ? { is: 'unknown' }
      : { is: 'rejected', code: error.code }
  }
}
