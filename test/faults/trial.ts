import { setTimeout } from 'node:timers/promises'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Server } from '../../lib/server.ts'
import { composeServer } from '../support/compose.ts'
import { createTable } from '../support/table.ts'
import { changes, snapshot } from './changes.ts'
import { credentialProblems, findProblems, handedOutProblems } from './credentials.ts'
import { type Instance, type ServiceResponse, stageSecrets, startInstance } from './instance.ts'
import type { Operation, Prepared } from './operation.ts'
import type { Plan, UnreliableAws } from './unreliable-aws.ts'

/** What the trials share: the database, and the proxy in front of it. */
export type World = {
  readonly engine: string
  readonly documents: DynamoDBDocumentClient
  readonly aws: UnreliableAws
}

/** The operation without a fault. */
export type Course = { readonly calls: readonly string[]; readonly changes: readonly string[] }

/** What the caller saw, such as `201` or `503, then 401`, and how that breaks what was promised. */
export type Outcome = { readonly seen: string; readonly problems: readonly string[] }

/** Carries out an operation on a table of its own, without a fault. */
export const undisturbed = (operation: Operation, world: World): Promise<Course> =>
  untilUnspoiled(async () => {
    const trial = await prepareTrial(operation, world)
    const { status } = await (await trial.start())(trial.request)
    if (trial.isSpoiled()) return undefined
    if (status !== operation.success)
      throw new Error(`${operation.name}: ${status} without a fault`)
    return { calls: trial.calls(), changes: await trial.changes() }
  })

const maxRuns = 8

/** Runs a trial until no call fails that was not to fail; then its result is not undefined. */
export async function untilUnspoiled<Result>(
  run: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let count = 1; count <= maxRuns; count += 1) {
    const result = await run()
    if (result !== undefined) return result
  }
  throw new Error('this machine is too slow for the time-outs of the service')
}

/** Carries out an operation on a table of its own while one of its calls meets a fault. */
export const disturbed = (
  operation: Operation,
  course: Course,
  plan: Plan,
  world: World,
): Promise<Outcome> =>
  untilUnspoiled(async () => {
    const trial = await prepareTrial(operation, world, plan)
    const outcome = await observe(operation, course, plan, trial)
    return trial.isSpoiled() ? undefined : outcome
  })

async function observe(
  operation: Operation,
  course: Course,
  plan: Plan,
  trial: Trial,
): Promise<Outcome> {
  const instance = await trial.start()
  const response = await instance(trial.request)
  const changed = await trial.changes()
  const extent = extentOf(changed, course, operation)
  const problems = extent === 'other' ? [`it left ${changed.join(', ') || 'nothing'}`] : []
  trial.heal()

  // A killed Lambda does not respond, and another instance serves the next request.
  if (plan.fault === 'killed') {
    const repeated = await repeat(operation, course, extent, trial, await trial.start())
    return { seen: repeated.seen, problems: [...problems, ...repeated.problems] }
  }
  problems.push(...responseProblems(operation, plan, response))
  if (response.status === operation.success) {
    if (extent !== 'done') problems.push(`${response.status}, but it is not carried out`)
    problems.push(...(await handedOutProblems(response.body, trial.request, trial.server)))
    return { seen: String(response.status), problems }
  }
  const repeated = await repeat(operation, course, extent, trial, instance)
  return {
    seen: `${response.status}, then ${repeated.seen}`,
    problems: [...problems, ...repeated.problems],
  }
}

type Extent = 'nothing' | 'part' | 'done' | 'other'

function extentOf(changed: readonly string[], course: Course, operation: Operation): Extent {
  const { part, resumes } = operation
  if (isSame(changed, course.changes)) return 'done'
  if (changed.length === 0) return 'nothing'
  if (resumes && isPartOf(changed, course.changes)) return 'part'
  return part !== undefined && isSame(changed, part.changes) ? 'part' : 'other'
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.join('\n') === other.join('\n')

/** Whether these are some of those changes, each as often at most. */
function isPartOf(changed: readonly string[], course: readonly string[]): boolean {
  const [some, all] = [changed.flatMap(oneByOne), course.flatMap(oneByOne)]
  const count = (list: readonly string[], change: string) =>
    list.filter((other) => other === change).length
  return some.every((change) => count(some, change) <= count(all, change))
}

/** `OWNER clients -2` is twice `OWNER clients -1`. */
function oneByOne(change: string): readonly string[] {
  const [, counter = '', count] = /^(OWNER clients -)(\d+)$/.exec(change) ?? []
  return count === undefined ? [change] : Array<string>(Number(count)).fill(`${counter}1`)
}

/** RFC 9110 §15.6.4: 503 says when to try again. One failed attempt has no effect on the response. */
function responseProblems({ success }: Operation, plan: Plan, response: ServiceResponse): string[] {
  const { status, headers } = response
  if (status === success) return []
  if (status !== 503) return [`it responded ${status}`]
  return [
    ...(/^\d+$/.test(headers['retry-after'] ?? '') ? [] : ['503 without Retry-After']),
    ...('lasts' in plan && plan.lasts === 'one attempt' ? ['503 after one failed attempt'] : []),
  ]
}

/** Sends the request again, as its caller does, and recovers what the first response held. */
async function repeat(
  { success, repeated, part, resumes, idempotent }: Operation,
  course: Course,
  extent: Extent,
  trial: Trial,
  instance: Instance,
): Promise<Outcome> {
  const before = await trial.changes()
  const response = await sendPersistently(() => instance(trial.request))
  const { status } = response
  const problems: string[] = []
  const afterPart = resumes ? success : part?.repeated
  const expected = { nothing: success, part: afterPart, done: repeated, other: undefined }
  // Where nothing is stored, `done` may also mean that nothing happened.
  if (status !== expected[extent] && !(course.changes.length === 0 && status === success))
    problems.push(`${extent} was carried out, and the repetition gets ${status}`)
  const after = await trial.changes()
  const isRejected = status !== success
  if (isRejected && !isSame(before, after))
    problems.push(`a rejected repetition changed ${before.join(', ')} to ${after.join(', ')}`)
  if (!isRejected && (extent === 'nothing' || resumes) && !isSame(after, course.changes))
    problems.push(`the repetition left ${after.join(', ')}`)

  if (idempotent && !isSame(after, course.changes))
    problems.push(`the repetition with the same key left ${after.join(', ')}`)

  const { renewed, findBy, server } = trial
  if (idempotent) problems.push(...(await handedOutProblems(response.body, trial.request, server)))
  if (isRejected && extent === 'done' && findBy)
    problems.push(...(await findProblems(findBy, server)))
  else if (isRejected && renewed) {
    const again = await sendPersistently(() => instance(renewed))
    if (again.status !== success) problems.push(`a renewed request gets ${again.status}`)
  }
  problems.push(...(await credentialProblems(await trial.clientIds(), server)))
  return { seen: String(status), problems }
}

/** The fault has ended, but a slow machine has time-outs of its own: 503 says to try again. */
async function sendPersistently(request: () => Promise<ServiceResponse>): Promise<ServiceResponse> {
  const response = await request()
  if (response.status !== 503) return response
  await setTimeout(Number(response.headers['retry-after']) * 1_000)
  return request()
}

type Trial = Prepared & {
  readonly server: Server
  /** Starts an instance of the Lambda that serves the request. */
  start(): Promise<Instance>
  /** The calls of the instance so far. */
  calls(): readonly string[]
  /** Whether a call failed that was not to fail. */
  isSpoiled(): boolean
  /** What has changed since the preparation. */
  changes(): Promise<readonly string[]>
  clientIds(): Promise<readonly string[]>
  /** Ends the fault. */
  heal(): void
}

/** Prepares a table of its own, and what the request needs. */
export async function prepareTrial(
  { settings = {}, prepare: prepareRequest }: Operation,
  { engine, documents, aws }: World,
  plan?: Plan,
): Promise<Trial> {
  const table = await createTable(engine)
  const server = composeServer(documents, table, settings)
  for (const [id, value] of stageSecrets(table)) aws.secrets.set(id, value)
  const connections = aws.connections(table)
  const prepared = await prepareRequest(server)
  const before = await snapshot(documents, table)
  connections.follow(plan)
  return {
    ...prepared,
    server,
    start: () => startInstance({ table, settings, endpoint: aws.endpoint }, prepared.request),
    calls: () => connections.calls,
    isSpoiled: () => connections.isSpoiled,
    changes: async () => changes(before, await snapshot(documents, table)),
    async clientIds() {
      const keys = [...(await snapshot(documents, table)).keys()]
      return keys.filter((key) => key.startsWith('CLIENT#')).map((key) => key.slice(7))
    },
    heal: () => connections.follow(),
  }
}
