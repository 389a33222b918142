import type { PushedClient } from '../../lib/pushed-client.ts'
import type { Connector } from './connector.ts'

/** Reads a client, strongly consistent; undefined if there is none. */
export type ReadClient = (client_id: string) => Promise<PushedClient | undefined>

/** How often a client may change while it is pushed, before the push is left to a later attempt. */
const maxChanges = 5

/**
 * Brings a server to the present state of a client, whatever the event was about: the order of
 * events does not matter. Reads the client again after each push, because another push of an older
 * state may have come in between. Rejects like the connector.
 */
export async function syncClient(
  client_id: string,
  connector: Connector,
  read: ReadClient,
): Promise<void> {
  let client = await read(client_id)
  for (let change = 0; change < maxChanges; change += 1) {
    if (client === undefined) await connector.remove(client_id)
    else await connector.push(client)
    const after = await read(client_id)
    if (after?.sequence === client?.sequence) return
    client = after
  }
  throw new Error(
    `the client ${client_id} changed more than ${maxChanges} times while it was pushed`,
  )
}
