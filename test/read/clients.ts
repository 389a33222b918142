import type { ClientItem } from '../../lib/read/active-client.ts'
import { parseKeyRing } from '../../lib/read/index.ts'
import { registered } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

type Body = Parameters<typeof registered>[1]
type Settings = NonNullable<Parameters<typeof testServer>[0]>['settings']

/** The client secret key ring of `testServer`, as its secret contains it. */
export const ring = parseKeyRing(
  JSON.stringify({ current: 's1', s1: 'a-key-of-client-secrets-that-is-long-enough' }),
)

/** Registers a client through the service; resolves to the response and the stored item. */
export async function registeredItem(body: Body, settings: Settings = {}) {
  const server = await testServer({ settings })
  const response = await registered(server, body)
  const itemNow = async (): Promise<ClientItem> => {
    const [item] = await stored(server, `CLIENT#${response.client_id}`)
    if (item === undefined) throw new Error('the client is not stored')
    return item
  }
  return { server, response, item: await itemNow(), itemNow }
}
