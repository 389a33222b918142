import { randomBytes } from 'node:crypto'
import { parseStageSettings, type StageSettings } from '../settings/settings.ts'
import { chooseSettings } from './chosen-settings.ts'
import type { Cors } from './cors.ts'
import { openDataFolder } from './data-folder.ts'
import { chooseDynamodb, createSecrets, createTable, type Defer, optional } from './emulators.ts'
import { matches, serveEventBus } from './event-bus.ts'
import { startEventSource } from './event-source.ts'
import { type Integration, serveHttpApi } from './http-api.ts'
import { startLambdas } from './lambdas.ts'
import { serveSchedule, startSchedule } from './schedule.ts'
import type { ServiceOptions } from './service-options.ts'
import { accountId, apiId, corsOf, eventRules, references, routes, streamReader } from './stack.ts'
import { readContext, synthesize } from './synthesis.ts'

/** The synthesized service, running locally until it is closed. */
export type Service = {
  readonly url: string
  readonly settings: StageSettings
  readonly registrationEndpoint: string
  readonly masterToken: string
  readonly staticInitialAccessToken?: string
  readonly dynamodbEndpoint: string
  readonly tableName: string
  /** The bus on which events are published and received. */
  readonly eventBusEndpoint: string
  /** Invokes the Lambdas of the nightly schedule with this event. Resolves to their results. */
  runSchedule(event: { readonly time: string }): Promise<readonly unknown[]>
  /** Runs a night on request; undefined where nothing is scheduled. */
  readonly scheduleEndpoint?: string
  /** Resolves to a reason when a required part exits unexpectedly. */
  readonly broken: Promise<string>
  close(): Promise<void>
}

/**
 * Synthesizes the CDK app and serves the result locally: its routes, bundles, environments, table
 * and secrets.
 */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const cleanups: (() => unknown)[] = []
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }
  try {
    return { ...(await start(options, (cleanup) => cleanups.push(cleanup))), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(options: ServiceOptions, defer: Defer): Promise<Omit<Service, 'close'>> {
  const { progress = () => {}, signal = new AbortController().signal } = options
  const { stage, settings, leftOut } = chooseSettings(options, (await readContext()).stages)
  if (leftOut.length > 0) progress(`leaving out what a deployment adds: ${leftOut.join(', ')}`)
  // Check the port, the data folder and DynamoDB first: synthesis is slow.
  const served = Promise.withResolvers<ReadonlyMap<string, Integration>>()
  const api = Promise.withResolvers<Cors | undefined>()
  let passedMs = 0
  const clock = () => (options.clock?.() ?? Date.now()) + passedMs
  const front = {
    port: options.port ?? 0,
    routes: served.promise,
    cors: api.promise,
    apiId,
    accountId,
    clock,
  }
  const { url, close } = await serveHttpApi(front)
  defer(close)

  const { extensions, dataDirectory, dynamodbEndpoint } = options
  const isEmbedded = dynamodbEndpoint === undefined
  const data =
    dataDirectory === undefined ? undefined : await openDataFolder(dataDirectory, isEmbedded)
  if (data !== undefined) defer(data.close)
  if (isEmbedded) progress('starting the embedded DynamoDB')
  const dynamodb = await chooseDynamodb(dynamodbEndpoint, data, signal, defer)

  const assembly = await synthesize({ stage, settings, extensions, signal, progress })
  const suffix = data === undefined ? `-${randomBytes(4).toString('hex')}` : ''
  const resolved = references(assembly, { url, suffix })

  progress('creating the table')
  const tableName = await createTable(assembly, resolved, dynamodb.endpoint, options, defer)
  const secrets = await createSecrets(assembly, resolved, options, data, defer)
  signal.throwIfAborted()

  progress('serving')
  const log = options.log ?? (() => {})
  const rules = eventRules(assembly)
  const eventBus = await serveEventBus((event) => {
    options.onEvent?.(event)
    for (const { lambda, pattern } of rules)
      if (pattern !== undefined && matches(pattern, event)) invokeLater(lambda, event)
  })
  defer(eventBus.close)
  const lambdas = startLambdas(assembly, resolved, log, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventBus.url,
    AWS_ENDPOINT_URL_SQS: eventBus.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  })
  defer(lambdas.stop)
  const invoke = (event: unknown) => lambdas.invoke(streamReader(assembly), event)
  const invokeLater = (lambda: string, event: object) => {
    const at = { time: new Date(clock()).toISOString() }
    lambdas.invoke(lambda, { ...at, ...event }).catch((error) => log(`${lambda}: ${error}`))
  }
  const scheduled = rules.filter(({ pattern }) => pattern === undefined)
  const runLater = () => {
    for (const { lambda } of scheduled) invokeLater(lambda, {})
  }
  defer(startSchedule(runLater))
  const runSchedule: Service['runSchedule'] = (event) =>
    Promise.all(scheduled.map(({ lambda }) => lambdas.invoke(lambda, event)))
  const runNight = async (afterMs: number) => {
    passedMs += afterMs
    const time = new Date(clock()).toISOString()
    return { time, results: await runSchedule({ time }) }
  }
  const schedule = scheduled.length === 0 ? undefined : await serveSchedule(runNight)
  if (schedule !== undefined) defer(schedule.close)
  defer(await startEventSource({ endpoint: dynamodb.endpoint, tableName, invoke, log }))
  api.resolve(corsOf(assembly))
  served.resolve(lambdas.integrations(routes(assembly)))

  const parsed = parseStageSettings(settings)
  return {
    url,
    settings: parsed,
    registrationEndpoint: `${url}${parsed.registrationPath}`,
    masterToken: secrets.value('MasterToken') ?? '',
    ...optional('staticInitialAccessToken', secrets.value('StaticInitialAccessToken')),
    dynamodbEndpoint: dynamodb.endpoint,
    tableName,
    eventBusEndpoint: eventBus.url,
    runSchedule,
    ...optional('scheduleEndpoint', schedule?.url),
    broken: dynamodb.died,
  }
}
