import { randomUUID } from 'node:crypto'
import { OAuthError } from '../../lib/errors.ts'
import type { Server } from '../../lib/server.ts'
import { now as beginning } from '../support/clients.ts'
import { composeServer } from '../support/compose.ts'
import { signer } from '../support/signer.ts'
import { type HeldRequest, type Instance, isAmbiguous } from './instance.ts'
import type { Known, Step } from './known.ts'
import type { Interval } from './linearizability.ts'
import type { Outcome } from './operation.ts'
import { operationOf } from './operations/table.ts'
import type { Program, Turn, Wait } from './program.ts'

/** A call as it happened. */
export type Call = Interval & {
  readonly caller: number
  readonly id: string
  readonly operation: string
  readonly given: unknown
  readonly now: number
  readonly outcome: Outcome
  /** The requests to DynamoDB, each with its fault. */
  readonly requests: readonly string[]
  readonly ambiguous: boolean
  /** The attribute that remembers the consumption of an initial access token (decision 0002). */
  readonly marker: string | undefined
}

export type History = { readonly calls: readonly Call[]; readonly server: Server }

const issuer = signer()

const settingsOf = (rotation: Program['rotation']) => ({
  registration: 'dynamic' as const,
  registrationAccessToken: { ...rotation, lifetime: 60 },
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
  request: HeldRequest | undefined
  readonly requests: string[]
  ambiguous: boolean
  marker: string | undefined
}

/**
 * Runs a program. At each moment every caller waits: for the release of a request to DynamoDB, or to
 * begin its next call. One of them goes on at a time, so the program decides what happens.
 */
export async function runProgram(
  { rotation, issue, callers, turns }: Program,
  instances: readonly Instance[],
  TableName: string,
): Promise<History> {
  const accessTokens = [0, 1].map(() => issuer.accessToken({ exp: beginning + 86_400 }))
  const known: Known = { clients: [], initialAccessTokens: [], accessTokens, history: randomUUID() }
  const servers = instances.map(({ documents }) =>
    composeServer(documents, TableName, settingsOf(rotation)),
  )
  const calls: Call[] = []
  let now = beginning
  let position = 0
  let wake = () => {}

  /** Begins a call; undefined where there is nothing to call it with. */
  function begin(caller: number, operation: string, choose: (id: string) => unknown) {
    const { call } = operationOf(operation)
    position += 1
    const id = `${operation.slice(0, 3)}${position}`
    const given = choose(id)
    const [server, instance] = [servers[caller], instances[caller]]
    if (given === undefined || server === undefined || instance === undefined) return undefined
    const own: Running = {
      id,
      request: undefined,
      requests: [],
      ambiguous: false,
      marker: undefined,
    }
    const began = { caller, id, operation, given, now, begin: position }
    instance.onRequest = (request) => {
      own.request = request
      wake()
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

  const running = new Map<number, Running>()

  async function settle() {
    while ([...running.values()].some(({ request }) => request === undefined))
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }

  async function release(own: Running, fault: Turn['fault']) {
    const { request } = own
    if (request === undefined) return
    own.request = undefined
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
        else begin(caller, next.operation, () => operationOf(next.operation).choose(next, known))
      }
    }
  }

  /** Carries out one call, without faults. */
  async function single(operation: string, given: unknown) {
    begin(0, operation, () => given)
    await run([], [])
    for (;;) {
      await settle()
      const own = running.get(0)
      if (own === undefined) return
      await release(own, undefined)
    }
  }

  const first: Step = { operation: 'register', subject: 0, credential: 2, variant: 1 }
  await run([[first, issue]], [])
  await run(callers, turns)
  await inspectAll()
  return { calls, server: servers[0] as Server }

  /** What the operator, and everyone who has a token, can see at the end. */
  async function inspectAll() {
    for (const { key } of known.initialAccessTokens) await single('inspect', { key })
    for (const call of [...calls])
      if (call.operation === 'register' && call.outcome.is === 'unknown')
        await single('find registration', { client: call.id })
    for (const { key: client, tokens } of known.clients) {
      await single('get', { client })
      for (const token of [...tokens].reverse()) await single('read', { client, token })
    }
  }
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
