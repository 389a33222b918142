import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { endpoints } from '../../cdk/api/endpoints.ts'
import { matchRoute } from '../../cdk/local/http-routes.ts'
import type { HttpResponse } from '../../functions/http/response.ts'
import { OAuthError } from '../../lib/errors.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { now } from '../support/clients.ts'
import { masterToken, ring, secretRing, staticInitialAccessToken } from '../support/compose.ts'

/** A request to the service, or an event: `INVOKE` and the name of its Lambda. */
export type ServiceRequest = {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly bearer?: string | undefined
  readonly idempotencyKey?: string
  /** A JSON value, or a JWT. */
  readonly body?: object | string
}

export type ServiceResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** Calls the handler of one Lambda instance, as API Gateway or EventBridge does. */
export type Instance = (request: ServiceRequest) => Promise<ServiceResponse>

/** A stage of the service: its table, its settings, and where its Lambdas find AWS. */
export type Stage = {
  readonly table: string
  readonly settings: SettingsInput
  readonly endpoint: string
}

const variables = {
  keyRing: 'KEY_RING_SECRET',
  clientSecretKeyRing: 'CLIENT_SECRET_KEY_RING_SECRET',
  masterToken: 'MASTER_TOKEN_SECRET',
  staticInitialAccessToken: 'STATIC_INITIAL_ACCESS_TOKEN_SECRET',
} as const

const ringJson = ({ current, keys }: typeof ring) =>
  JSON.stringify({ current, ...Object.fromEntries(keys) })

const values = {
  keyRing: ringJson(ring),
  clientSecretKeyRing: ringJson(secretRing),
  masterToken,
  staticInitialAccessToken,
}

const secretId = (table: string, name: string) =>
  `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${table}/${name}`

/** The secrets of a stage by id. */
export const stageSecrets = (table: string): readonly (readonly [string, string])[] =>
  Object.entries(values).map(([name, value]) => [secretId(table, name), value])

/** Routes and Lambda of each path, under settings that leave none out. */
const routes = new Map<string, string>(
  Object.entries(endpoints).flatMap(([lambda, { routes: of }]) =>
    Object.keys(of(parseSettings({ approval: 'draft' }))).map(
      (path) => [`ANY ${path}`, lambda] as const,
    ),
  ),
)

let last: Promise<unknown> = Promise.resolve()
let count = 0

/** Starts an instance of the Lambda that serves this request, one after the other. */
export function startInstance(stage: Stage, request: ServiceRequest): Promise<Instance> {
  const started = last.then(() => start(stage, lambdaOf(request)))
  last = started.catch(() => {})
  return started
}

const lambdaOf = ({ method, path }: ServiceRequest) =>
  method === 'INVOKE'
    ? path
    : (routes.get(matchRoute([...routes.keys()], method, path)?.routeKey ?? '') ?? '')

/** A Lambda reads its environment once, when its module is evaluated. */
async function start({ table, settings, endpoint }: Stage, lambda: string) {
  const folder = mkdtempSync(join(tmpdir(), 'faults-stage-'))
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings))
  const needed = new Map(Object.entries(endpoints)).get(lambda)?.secrets ?? []
  const secrets = needed.map((name) => [variables[name], secretId(table, name)])
  const environment = {
    LAMBDA_TASK_ROOT: folder,
    API_URL: 'https://as.example',
    TABLE_NAME: table,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    LOG_LEVEL: 'SILENT',
  }
  for (const name of Object.values(variables)) delete process.env[name]
  Object.assign(process.env, environment, Object.fromEntries(secrets))
  count += 1
  // Another query makes another instance of the module, which composes a server of its own.
  const module = new URL(`../../functions/${lambda}.ts?instance=${count}`, import.meta.url)
  const { handler } = (await import(module.href)) as {
    handler: (event: unknown, context: Context) => Promise<unknown>
  }
  rmSync(folder, { recursive: true })
  return async (request: ServiceRequest): Promise<ServiceResponse> => {
    if (request.method === 'INVOKE') return invoked(handler(request.body, context))
    const response = (await handler(event(request), context)) as HttpResponse
    const { statusCode, headers, body = '{}' } = response
    return { status: statusCode, headers, body: JSON.parse(body) }
  }
}

/** Lambda invokes an event's handler again after an error, which counts as 503 if it may pass. */
async function invoked(result: Promise<unknown>): Promise<ServiceResponse> {
  try {
    return { status: 200, headers: {}, body: { ...((await result) as object) } }
  } catch (error) {
    const isTransient = error instanceof OAuthError && error.code === 'temporarily_unavailable'
    return { status: isTransient ? 503 : 500, headers: { 'retry-after': '1' }, body: {} }
  }
}

const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 900_000 } as Context

function event({
  method,
  path,
  query,
  bearer,
  idempotencyKey,
  body,
}: ServiceRequest): APIGatewayProxyEventV2 {
  const { routeKey, parameters } = matchRoute([...routes.keys()], method, path) ?? {}
  const type = typeof body === 'string' ? 'application/jwt' : 'application/json'
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    ...(query && { queryStringParameters: query }),
    headers: {
      ...(body !== undefined && { 'content-type': type }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    pathParameters: parameters,
    requestContext: {
      requestId: 'r1',
      timeEpoch: now * 1000,
      http: { method, path, sourceIp: '127.0.0.1' },
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2
}
