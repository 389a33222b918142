import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { composeServer } from '../support/compose.ts'
import { createTable } from '../support/table.ts'
import { type Budget, budgets, listing } from './budgets.ts'
import { copyClients } from './copy-clients.ts'
import { type Cost, meter } from './meter.ts'

const few = 100
const many = 100_000
const runs = 7

/** An attempt that the machine delays would count as a second request. */
const slowRequests = { requestTimeout: 30_000, throwOnRequestTimeout: true }

/** A page that 100 clients fill in each partition of the listing. */
const limit = '10'

/** Listings read more where a page is not full: these fill it with 100 clients. */
const fullPages: Readonly<Record<string, Budget['prepare']>> = {
  'clients: list all': listing({ limit }),
  'clients: list those labelled DCR': listing({ label: 'DCR', limit }),
}

/**
 * Measures each operation with 100 and with 100,000 stored clients, alternating. Prints the
 * requests, the units and the ratio of the times; resolves to whether requests and units are the
 * same.
 */
export async function scale(): Promise<boolean> {
  process.env.AWS_ACCESS_KEY_ID = 'local'
  process.env.AWS_SECRET_ACCESS_KEY = 'local'
  process.env.AWS_REGION = 'eu-central-1'
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  try {
    const documents = documentClient({ endpoint: dynamodb.endpoint, requestHandler: slowRequests })
    const tables = [await createTable(dynamodb.endpoint), await createTable(dynamodb.endpoint)]
    for (const [index, table] of tables.entries())
      await copyClients(documents, table, index === 0 ? few : many, (done) => {
        if (done % 1000 === 0) progress(`${done} of ${many} clients stored`)
      })
    const measure = meter(documents)

    console.log(
      `DynamoDB requests and units with ${few} and with ${many} clients; milliseconds: median of ${runs} alternating runs`,
    )
    line('', ['requests', 'units', `ms, ${few}`, `ms, ${many}`, 'ratio'])
    let isSame = true
    for (const budget of budgets) {
      progress(budget.operation)
      const results = [[], []] as [Result[], Result[]]
      for (let run = 0; run < runs; run += 1)
        for (const [side, table] of tables.entries()) {
          const prepare = fullPages[budget.operation] ?? budget.prepare
          const work = await prepare(composeServer(documents, table, budget.settings ?? {}))
          const begin = performance.now()
          const cost = await measure(work)
          results[side]?.push({ ms: performance.now() - begin, ...totals(cost) })
        }
      progress('')
      isSame = print(budget.operation, results) && isSame
    }
    console.log(isSame ? '\nRequests and units are the same.' : '\nRequests or units DIFFER.')
    return isSame
  } finally {
    await dynamodb.close()
  }
}

type Result = { readonly ms: number; readonly requests: number; readonly units: number }

const totals = ({ roundTrips, writeUnits, readUnits, indexUnits, rejectedWrites }: Cost) => ({
  requests: roundTrips,
  units: writeUnits + readUnits + indexUnits + rejectedWrites,
})

/** Prints a row; true where each run took the same requests and units on both tables. */
function print(operation: string, [withFew, withMany]: readonly [Result[], Result[]]): boolean {
  const names = ['requests', 'units'] as const
  const compared = names.map((name) => ({
    few: withFew.map((result) => result[name]),
    many: withMany.map((result) => result[name]),
  }))
  const isSame = compared.every(({ few, many }) => `${few}` === `${many}`)
  const [one, other] = [median(withFew), median(withMany)]
  const cells = compared.map(({ few, many }) =>
    `${few}` === `${many}` ? range(few) : `${range(few)} → ${range(many)}`,
  )
  line(
    operation,
    [...cells, one.toFixed(2), other.toFixed(2), (other / one).toFixed(2)],
    isSame ? '' : 'DIFFERS',
  )
  return isSame
}

/** An owner has three more clients in each run, so that the page becomes longer. */
function range(figures: readonly number[]): string {
  const [min, max] = [Math.min(...figures), Math.max(...figures)]
  return min === max ? String(min) : `${min}–${max}`
}

const line = (name: string, cells: readonly string[], verdict = '') =>
  console.log(`  ${name.padEnd(44)}${cells.map((cell) => cell.padStart(12)).join('')}  ${verdict}`)

const progress = (text: string) => process.stderr.write(`\r\x1b[K${text}`)

const median = (results: readonly Result[]) =>
  results.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(results.length / 2)] ?? Number.NaN
