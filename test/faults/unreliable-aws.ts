import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { serveSecrets } from '../../cdk/local/secrets-endpoint.ts'
import { listen } from '../support/loopback.ts'

/** What happens to a call on its way to DynamoDB or Secrets Manager. */
export type Fault =
  /** The connection ends before the call takes effect. */
  | 'request lost'
  /** The call takes effect, and the connection ends. */
  | 'response lost'
  /** The call takes effect, and no response comes within the time-out. */
  | 'timed out'
  | 'throttled'
  /** The service responds with an internal error. */
  | 'failing'

/** The plan for the calls of one instance. `at` is one of `calls`. */
export type Plan =
  | { readonly at: string; readonly fault: Fault; readonly lasts: 'one attempt' | 'from then on' }
  /** The Lambda ends after this call took effect: nothing that it sends later arrives. */
  | { readonly at: string; readonly fault: 'killed' }

/** The connections of one stage, which is named by its table. */
export type Connections = {
  /** Calls that arrived, such as `Query 2` for the second Query. The retries of a call are one call. */
  readonly calls: readonly string[]
  /** Whether a call failed without a plan, as on a machine that is too slow for its time-outs. */
  readonly isSpoiled: boolean
  /** Counts the calls anew and lets this happen to them; nothing by default. */
  follow(plan?: Plan): void
}

export type UnreliableAws = {
  /** For both services. */
  readonly endpoint: string
  /** The values of all secrets by id. */
  readonly secrets: Map<string, string>
  connections(table: string): Connections
  close(): Promise<void>
}

/** DynamoDB and Secrets Manager behind a proxy on which faults are planned for each table. */
export async function unreliableAws(engine: string): Promise<UnreliableAws> {
  const secrets = new Map<string, string>()
  const secretsManager = await serveSecrets(secrets)
  const stages = new Map<string, Stage>()
  const proxy = createServer((request, response) => {
    relay(request, response).catch(() => response.destroy())
  })

  async function relay(request: IncomingMessage, response: ServerResponse) {
    const body = Buffer.concat(await request.toArray())
    const [service = '', operation = ''] = String(request.headers['x-amz-target']).split('.')
    const [table = ''] = /test-[\da-f-]{36}/.exec(body.toString()) ?? []
    const fault = stages.get(table)?.next(service, operation, request)
    if (fault === 'request lost') return response.destroy()
    if (fault === 'throttled') return respond(response, 400, 'ThrottlingException')
    if (fault === 'failing') return respond(response, 500, internalErrors[service] ?? '')
    const { host, connection, ...headers } = request.headers
    const target = service === 'secretsmanager' ? secretsManager.url : engine
    const { method = 'POST' } = request
    const init = { method, headers: headers as Record<string, string> }
    const answer = await fetch(target, method === 'POST' ? { ...init, body } : init)
    const text = await answer.text()
    if (fault === 'timed out') return undefined
    if (fault === 'response lost') return response.destroy()
    response.writeHead(answer.status, { 'content-type': request.headers['content-type'] })
    return response.end(text)
  }

  const { port, close } = await listen(proxy)
  return {
    endpoint: `http://127.0.0.1:${port}`,
    secrets,
    connections(table) {
      const stage = followPlan()
      stages.set(table, stage)
      return stage
    },
    async close() {
      secretsManager.close()
      await close()
    },
  }
}

const internalErrors: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
  secretsmanager: 'InternalServiceError',
}

const respond = (response: ServerResponse, status: number, __type: string) =>
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify({ __type, message: 'a planned fault' }))

type Stage = Connections & {
  next(
    service: string,
    operation: string,
    request: Pick<IncomingMessage, 'headers'>,
  ): Fault | undefined
}

function followPlan(): Stage {
  let plan: Plan | undefined
  /** The calls by the id that the SDK gives to a call and to its retries. */
  let calls = new Map<string, string>()
  /** What every later attempt of a call meets, even one that arrives after its plan has ended. */
  const fates = new Map<string, Fault>()
  /** How many attempts of a call met a planned fault. */
  const planned = new Map<string, number>()
  let isSpoiled = false
  /** The service whose calls fail from then on; 'all' once the Lambda was killed. */
  let failing: string | undefined

  function nameOf(operation: string): string {
    const earlier = [...calls.values()].filter((call) => call.startsWith(`${operation} `))
    return `${operation} ${earlier.length + 1}`
  }

  return {
    get calls() {
      return [...calls.values()]
    },
    follow(next) {
      plan = next
      calls = new Map()
      failing = undefined
    },
    get isSpoiled() {
      return isSpoiled
    },
    next(service, operation, { headers }) {
      const id = String(headers['amz-sdk-invocation-id'])
      const [, attempt = '1'] = /attempt=(\d+)/.exec(String(headers['amz-sdk-request'])) ?? []
      const call = calls.get(id) ?? nameOf(operation)
      calls.set(id, call)
      const earlier = planned.get(id) ?? 0
      if (Number(attempt) > earlier + 1) isSpoiled = true
      const fault = fates.get(id) ?? faultOf(service, call, attempt)
      if (failing !== undefined && fault !== undefined)
        fates.set(id, failing === 'all' ? 'request lost' : fault)
      if (fault !== undefined) planned.set(id, earlier + 1)
      return fault
    },
  }

  function faultOf(service: string, call: string, attempt: string): Fault | undefined {
    if (plan === undefined) return undefined
    if (failing === 'all') return 'request lost'
    const isPlanned = call === plan.at && attempt === '1'
    if (plan.fault === 'killed') {
      if (isPlanned) failing = 'all'
      return isPlanned ? 'response lost' : undefined
    }
    if (isPlanned && plan.lasts === 'from then on') failing = service
    return isPlanned || service === failing ? plan.fault : undefined
  }
}
