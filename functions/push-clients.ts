import type { EventBridgeEvent } from 'aws-lambda'
import type { JsonObject } from '../lib/json.ts'
import { composeConnectors } from './connectors/compose-connectors.ts'
import { syncClient } from './connectors/sync-client.ts'
import { log } from './log.ts'

const { connectors, read } = composeConnectors()

/**
 * Pushes the present state of a client that an event names to every connector. Lambda retries it
 * after an error; a repeated push changes nothing.
 */
export async function handler({
  detail: { client_id },
}: Pick<EventBridgeEvent<string, JsonObject>, 'detail'>): Promise<void> {
  if (typeof client_id !== 'string') return log.fault('an event names no client', undefined)
  const pushes = connectors.map((connector) => syncClient(client_id, connector, read))
  const failures = (await Promise.allSettled(pushes)).flatMap((result, index) =>
    result.status === 'fulfilled' ? [] : [{ connector: connectors[index]?.name, ...result }],
  )
  for (const { connector, reason } of failures)
    log.fault('a client was not pushed', reason, { client_id, connector })
  if (failures.length > 0) throw new Error('a client was not pushed to every connector')
  log.info('client pushed', { client_id })
}
