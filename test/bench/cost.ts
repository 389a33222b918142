import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'
import { type Resource, synthesize } from '../../cdk/local/synthesis.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { startApi } from '../support/api.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { composeServer } from '../support/compose.ts'
import { createTable } from '../support/table.ts'
import { type Budget, budgets } from './budgets.ts'
import { type Cost, meter } from './meter.ts'
import { assumed, memory, prices } from './prices.ts'

const help = `npx node test/bench/cost.ts

Prints what a million of each operation costs in US dollars: units and durations are measured here, prices and
assumptions are in test/bench/prices.ts.`

type Changes = {
  /** Items of the table that it writes: each goes through the stream. */
  readonly changes: number
  /** Those that are published as events. */
  readonly events: number
}

const priced: Readonly<Record<string, Changes>> = {
  'issue an initial access token': { changes: 1, events: 1 },
  'register, token on_success': { changes: 2, events: 2 },
  'register, owned, with software_id': { changes: 2, events: 2 },
  'register, token on_attempt': { changes: 2, events: 2 },
  'register, master token': { changes: 1, events: 1 },
  'register, anonymous': { changes: 1, events: 1 },
  'read, with rotation': { changes: 1, events: 0 },
  'read, without rotation': { changes: 0, events: 0 },
  update: { changes: 1, events: 1 },
  delete: { changes: 1, events: 1 },
  discovery: { changes: 0, events: 0 },
}

/** What budgets.ts does not have: a client in every index, as the developers' portal of a bank registers it. */
const owned: Budget = {
  operation: 'register, owned, with software_id',
  roundTrips: 2,
  writeUnits: 4,
  prepare: async (server) => {
    const bearer = await initialAccessToken(server, { sub: 'developer-01' })
    const software_id = '4NRB1-0XZABZI9E6-5SM3R'
    return () => registerClient({ bearer, body: { ...ordinary, software_id }, now }, server)
  },
}

const runs = 200
const million = 1e6
const gigabyte = 1e9

type Bill = Readonly<Record<'gateway' | 'dynamodb' | 'lambda' | 'logs' | 'events', number>>

const lambdaCost = (milliseconds: number) =>
  prices.lambdaRequest + (milliseconds / 1000) * memory * prices.lambdaGigabyteSecond

function billOf(cost: Cost, durationMs: number, logBytes: number, made: Changes): Bill {
  const writes = cost.writeUnits + cost.indexUnits + cost.rejectedWrites
  const billed =
    durationMs +
    assumed.handlerMs +
    cost.roundTrips * assumed.roundTripMs +
    assumed.coldStarts * assumed.initMs
  return {
    gateway: million * prices.httpApiRequest,
    dynamodb:
      million * (writes * prices.dynamodbWriteUnit + cost.readUnits * prices.dynamodbReadUnit),
    lambda: million * lambdaCost(billed),
    logs: (million * (logBytes + assumed.otherLogBytes) * prices.logGigabyte) / gigabyte,
    events: eventsOf(made),
  }
}

/** The events of a million of these, and the Lambda that reads the stream for it. */
function eventsOf({ events, changes }: Changes): number {
  const call = lambdaCost(assumed.eventCallMs) / assumed.changesPerCall
  return million * (events * prices.event + changes * call)
}

/** An item that time to live removes: its deletion costs nothing, its record in the stream is read. */
const expiry = (events: number): Bill => ({
  gateway: 0,
  dynamodb: 0,
  lambda: 0,
  logs: 0,
  events: eventsOf({ changes: 1, events }),
})

const totalOf = (bill: Bill): number => Object.values(bill).reduce((sum, amount) => sum + amount, 0)

/** The units of one run, and the median milliseconds of many. */
async function measured({ settings = {}, prepare }: Budget, bench: Bench) {
  const server = composeServer(bench.documents, bench.table, settings)
  const cost = await bench.measure(await prepare(server))
  const times: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const work = await prepare(server)
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  return { cost, milliseconds: times[runs / 2] ?? Number.NaN }
}

type Bench = {
  readonly documents: ReturnType<typeof documentClient>
  readonly table: string
  readonly measure: ReturnType<typeof meter>
}

/** Bytes that a request to the synthesized Lambdas writes to the log, on average of a client's life. */
async function loggedBytes(): Promise<number> {
  const api = await startApi()
  try {
    const { path, token } = await api.register()
    await api.call(path, { bearer: token })
    await api.call('/.well-known/openid-configuration')
    const requests = 4
    return Buffer.byteLength(api.log.join('\n')) / requests
  } finally {
    await api.service.close()
  }
}

/** Everything that a stage of the default settings has. */
async function resources(): Promise<readonly Resource[]> {
  const { signal } = new AbortController()
  const { resources } = await synthesize({ stage: 'cost', settings: {}, signal })
  return [...resources.values()]
}

/** The metrics that an alarm looks at: its own, or those of its expression. */
function metricsOf({ Properties: { Metrics } }: Resource): number {
  if (!Array.isArray(Metrics)) return 1
  return Metrics.filter((part) => 'MetricStat' in part).length
}

const row = (name: string, cells: readonly (string | number)[]) =>
  console.log(
    `| ${name.padEnd(32)} | ${cells.map((cell) => String(cell).padStart(8)).join(' | ')} |`,
  )

const dollars = (amount: number) => amount.toFixed(2)

async function perMillion(bench: Bench): Promise<void> {
  const logBytes = await loggedBytes()
  console.log(
    `US dollars per million; ms is the operation's own time here (median of ${runs}); ${Math.round(logBytes)} bytes of log a request`,
  )
  row('', ['ms', 'writes', 'reads', 'gateway', 'database', 'lambda', 'logs', 'events', 'total'])
  row('--', Array(9).fill('--'))
  const totals = new Map<string, number>()
  for (const [operation, made] of Object.entries(priced)) {
    const budget = [...budgets, owned].find((known) => known.operation === operation)
    if (budget === undefined) throw new Error(`no operation "${operation}" in budgets.ts`)
    const { cost, milliseconds } = await measured(budget, bench)
    const bill = billOf(cost, milliseconds, logBytes, made)
    totals.set(operation, totalOf(bill))
    row(operation, [
      milliseconds.toFixed(1),
      cost.writeUnits + cost.indexUnits + cost.rejectedWrites,
      cost.readUnits,
      ...Object.values(bill).map(dollars),
      dollars(totalOf(bill)),
    ])
  }
  for (const [name, events] of [
    ['a token expires unused', 1],
    ['a token expires that was used', 0],
  ] as const) {
    const bill = expiry(events)
    totals.set(name, totalOf(bill))
    row(name, ['', 0, 0, ...Object.values(bill).map(dollars), dollars(totalOf(bill))])
  }
  const whole = ['issue an initial access token', 'register, owned, with software_id']
  const parts = [...whole, 'a token expires that was used']
  const sum = parts.reduce((all, name) => all + (totals.get(name) ?? Number.NaN), 0)
  console.log(
    `\nA million clients by tokens used once, in total: ${dollars(sum)} (${parts.join(' + ')})`,
  )
}

async function perMonth(): Promise<void> {
  const all = await resources()
  const ofType = (type: string) => all.filter(({ Type }) => Type === type)
  const secrets = ofType('AWS::SecretsManager::Secret').length
  const alarms = ofType('AWS::CloudWatch::Alarm')
  const metrics = alarms.reduce((sum, alarm) => sum + metricsOf(alarm), 0)
  const dashboards = ofType('AWS::CloudWatch::Dashboard').length
  const keys = ofType('AWS::KMS::Key').length
  console.log('\nUS dollars per month and stage, whatever the traffic')
  row(`${secrets} secrets`, [dollars(secrets * prices.secretMonth)])
  row(`${alarms.length} alarms on ${metrics} metrics`, [dollars(metrics * prices.alarmMetricMonth)])
  row(`${dashboards} dashboard`, [dollars(dashboards * prices.dashboardMonth)])
  row(`${keys} KMS key`, [dollars(keys * prices.keyMonth)])
  row('each custom metric that is seen', [dollars(prices.metricMonth)])
  const kept = prices.dynamodbGigabyteMonth + prices.backupGigabyteMonth
  row('a million clients of 1 KB, stored', [dollars((million * 1024 * kept) / gigabyte)])
  const lambdaMonth = (30 * 24 * 12 * prices.secretsManagerCall).toFixed(3)
  row('a warm Lambda reading its secrets', [lambdaMonth])

  console.log('\nUS dollars that the variants add')
  const rules = 3
  row('a firewall, per month', [dollars(prices.webAclMonth + rules * prices.webAclRuleMonth)])
  row('a firewall, per million', [
    dollars(million * (prices.webAclRequest + prices.cloudFrontRequest)),
  ])
  const month = 30 * 24 * 3600
  row('a pre-initialized instance, per month', [
    dollars(month * memory * prices.provisionedGigabyteSecond),
  ])
  row('traces, per million of them', [dollars(million * prices.trace)])
  row('uses of a key, per million', [dollars(million * prices.kmsCall)])
}

async function main(): Promise<void> {
  process.env.AWS_ACCESS_KEY_ID = 'local'
  process.env.AWS_SECRET_ACCESS_KEY = 'local'
  process.env.AWS_REGION = 'eu-central-1'
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  try {
    const documents = documentClient({ endpoint: dynamodb.endpoint })
    const table = await createTable(dynamodb.endpoint)
    await perMillion({ documents, table, measure: meter(documents) })
    await perMonth()
  } finally {
    await dynamodb.close()
  }
}

if (process.argv.includes('--help')) console.log(help)
else await main()
