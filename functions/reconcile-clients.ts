import type { Context, ScheduledEvent } from 'aws-lambda'
import { composeConnectors } from './connectors/compose-connectors.ts'
import type { Connector } from './connectors/connector.ts'
import { type Drift, reconcile } from './connectors/reconcile.ts'
import { log } from './log.ts'
import { recordDrift } from './metrics.ts'

const { connectors, read, walk } = composeConnectors()

const pageSize = 25
/** Time that one page of clients needs, with the retries of every request. */
const pageMs = 60_000

/**
 * One night's comparison of the clients with those of every server, invoked by a schedule. Lambda
 * retries it after an error: what was repaired no longer differs.
 */
export async function handler(
  { time }: Pick<ScheduledEvent, 'time'>,
  context: Context,
): Promise<Readonly<Record<string, Drift>>> {
  const now = Math.floor(Date.parse(time) / 1000)
  const drifts: Record<string, Drift> = {}
  for (const connector of connectors) {
    const drift = await compare(connector, now, context)
    if (drift !== undefined) drifts[connector.name] = drift
  }
  if (Object.keys(drifts).length < connectors.length)
    throw new Error('a server could not be compared')
  return drifts
}

async function compare(
  connector: Connector,
  now: number,
  context: Context,
): Promise<Drift | undefined> {
  const { name } = connector
  try {
    const drift = await reconcile(connector, now, {
      read,
      parts: walk.parts,
      listPart: (part, from) => walk.listPart(part, from, pageSize),
      mayContinue: () => context.getRemainingTimeInMillis() > pageMs,
      onFailure: (client_id, error) =>
        log.fault('a client was not pushed', error, { client_id, connector: name }),
    })
    log.info('reconciliation', { connector: name, ...drift })
    recordDrift(drift)
    return drift
  } catch (error) {
    log.fault('a server could not be compared', error, { connector: name })
    return undefined
  }
}
