import type { Connector } from '../../functions/connectors/connector.ts'
import { type Drift, reconcile } from '../../functions/connectors/reconcile.ts'
import { connectorHook } from '../../functions/connectors/registration-hook.ts'
import { type ReadClient, syncClient } from '../../functions/connectors/sync-client.ts'
import { clientWalk } from '../../lib/adapters/dynamodb/client-walk.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { OAuthError } from '../../lib/errors.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { renewClientSecretAdmin } from '../../lib/operator/renew-client-secret-admin.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { decryptPushedClient, type PushedClient } from '../../lib/pushed-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { randomAlphanumeric } from '../../lib/tokens/token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now } from '../support/clients.ts'
import { composeServer, masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { createTable } from '../support/table.ts'
import { connections } from './crashes.ts'

/** What each kind of client registers. */
const ordinaryKinds = [
  {
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://client.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
  },
  {
    redirect_uris: ['https://client.example/callback', 'http://127.0.0.1/callback'],
    scope: 'openid profile email',
  },
  { grant_types: ['client_credentials'], response_types: [], scope: 'profile' },
]

const settings: SettingsInput = {
  registrationAccessToken: { lifetime: 0, rotateOn: [] },
  metadata: { grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'] },
}

/** A generator of numbers below 1 that a failed run can repeat by its seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

type Known = { readonly client_id: string; readonly token: string | undefined }

/**
 * Changes clients at random, in processes that end between any two of their calls, to the table or
 * to the server. An event of a change can be lost, too. `connect` makes the connector of a process
 * that reaches the server by this URL.
 */
export async function randomChanges(
  url: string,
  connect: (url: string, source: string) => Connector,
  {
    changes,
    seed,
    kinds = ordinaryKinds,
  }: {
    readonly changes: number
    readonly seed: number
    readonly kinds?: readonly object[] | undefined
  },
) {
  const random = randomFrom(seed)
  const pick = <Item>(list: readonly Item[]) => list[Math.floor(random() * list.length)] as Item
  const TableName = await createTable(embeddedDynamodb)
  const crashes = connections()
  // A crash breaks the connection, so no request waits for its timeout but on a slow machine.
  const table = { endpoint: await crashes.via(embeddedDynamodb), requestHandler: {} }
  const proxied = await crashes.via(url)
  const process = () => {
    const connector = connect(proxied, TableName)
    const server = composeServer(documentClient(table), TableName, settings)
    const read: ReadClient = async (client_id) => {
      const client = await server.clients.find(client_id)
      return client && decryptPushedClient(client, server, now)
    }
    const { createClientId: clientId } = connector
    const generators =
      clientId === undefined
        ? server.generators
        : { clientId, clientSecret: () => randomAlphanumeric(47) }
    // With `synchronous: false` there is no hook. A server that chooses identifiers has no such setting.
    const isSynchronous = clientId !== undefined || random() < 0.7
    const onRegistered = isSynchronous ? connectorHook(connector) : undefined
    return { server: { ...server, generators, onRegistered }, connector, read }
  }
  const { read, connector } = process()
  /** Calls of a registration: a server that chooses identifiers needs more. */
  const maxCalls = connector.createClientId === undefined ? 5 : 9
  const known: Known[] = []
  const changed = { done: 0, rejected: 0, crashed: 0 }
  const pushed = { done: 0, rejected: 0, crashed: 0 }

  async function change({ server }: ReturnType<typeof process>): Promise<string | undefined> {
    const bearer = masterToken
    const { client_id = '', token } = known.length > 0 ? pick(known) : {}
    const step = client_id === '' ? 'register' : pick(steps)
    const body = { ...pick(kinds), client_name: `Client ${Math.floor(random() * 1000)}` }
    const about = { bearer, client_id, now }
    switch (step) {
      case 'register': {
        const registered = await registerClient({ bearer, body, now }, server)
        known.push({
          client_id: registered.client_id,
          token: registered.registration_access_token,
        })
        return registered.client_id
      }
      case 'update':
        await updateClient({ bearer: token, client_id, body, now }, server)
        break
      case 'disable':
      case 'enable':
        await updateClientAdmin({ ...about, body: { disabled: step === 'disable' } }, server)
        break
      case 'renew':
        await renewClientSecretAdmin({ ...about, body: {} }, server)
        break
      case 'delete':
        await deleteClientAdmin(about, server)
        known.splice(
          known.findIndex((deleted) => deleted.client_id === client_id),
          1,
        )
    }
    return client_id
  }

  /** Runs a step in a process of its own, which ends somewhere or nowhere. */
  async function inProcess<Result>(
    step: (at: ReturnType<typeof process>) => Promise<Result>,
    outcomes: typeof changed,
  ) {
    crashes.restart()
    if (random() < 0.5)
      crashes.crashAfter(Math.floor(random() * maxCalls), pick(['before', 'after']))
    try {
      const result = await step(process())
      outcomes[crashes.isDead ? 'crashed' : 'done'] += 1
      return result
    } catch (error) {
      // Without a crash: a change that the client does not allow, such as an update while disabled.
      if (!crashes.isDead && !(error instanceof OAuthError && error.status < 500)) throw error
      outcomes[crashes.isDead ? 'crashed' : 'rejected'] += 1
      return undefined
    } finally {
      crashes.restart()
    }
  }

  const carriedOut = () => changed.done + changed.crashed
  while (carriedOut() < changes) {
    const client_id = await inProcess(change, changed)
    if (client_id !== undefined && random() < 0.7)
      await inProcess((at) => syncClient(client_id, at.connector, at.read), pushed)
  }

  /** All clients of the table. */
  async function stored(): Promise<readonly PushedClient[]> {
    const walk = clientWalk(documentClient(table), TableName)
    const clients: PushedClient[] = []
    for (let part = 0; part < walk.parts; part += 1) {
      const { client_ids } = await walk.listPart(part, undefined, 1000)
      for (const client_id of client_ids) {
        const client = await read(client_id)
        if (client !== undefined) clients.push(client)
      }
    }
    return clients
  }

  return {
    changed,
    pushed,
    stored,
    connector: process().connector,
    /** One night, an hour after the last change. */
    night(): Promise<Drift> {
      const { connector } = process()
      const walk = clientWalk(documentClient(table), TableName)
      return reconcile(connector, Math.floor(Date.now() / 1000) + 3600, {
        read,
        parts: walk.parts,
        listPart: (part, from) => walk.listPart(part, from, 7),
        mayContinue: () => true,
        onFailure: (client_id, error) => {
          throw new Error(`${client_id} was not pushed`, { cause: error })
        },
      })
    },
    close: crashes.close,
  }
}

const steps = ['register', 'register', 'update', 'update', 'disable', 'enable', 'renew', 'delete']
