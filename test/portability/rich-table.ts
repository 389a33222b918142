import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { decideRegistration } from '../../lib/operator/decide-registration.ts'
import { renewClientSecretAdmin } from '../../lib/operator/renew-client-secret-admin.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { decryptSecretJwe } from '../../lib/tokens/secret-jwe.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { composeServer, masterToken, secretRing } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

export const settings = {
  registration: 'dynamic',
  clientSecret: { overlap: 3600 },
  policySettings: {
    'maximum-clients-per-owner': { max: 9 },
    'maximum-clients-per-software': { max: 9 },
  },
  cleanUp: { mode: 'on', registeredBy: ['initial_access_token'] },
} as const satisfies SettingsInput

export type Served = Awaited<ReturnType<typeof testServer>>

const publicProgram = {
  client_name: 'A program',
  redirect_uris: ['http://127.0.0.1:4711/callback'],
  token_endpoint_auth_method: 'none',
}

/** Two clients of one owner, of different software. */
export async function registerOwned(server: Served): Promise<void> {
  const bearer = await initialAccessToken(server, {
    sub: 'alice',
    max_uses: 5,
    scope: ['client-reg:grant:authorization_code'],
    policies: ['maximum-clients-per-owner', 'maximum-clients-per-software'],
  })
  for (const software_id of ['one', 'two'])
    await registerClient({ bearer, body: { ...ordinary, software_id }, now }, server)
}

/** A table with clients in every state, and tokens. */
export async function richTable(): Promise<Served> {
  const server = await testServer({ settings })
  const administer = async (body: object) => {
    const { client_id } = await registered(server)
    const request = { bearer: masterToken, client_id, now }
    return updateClientAdmin({ ...request, body: { ...body } }, server)
  }
  await registered(server)
  await registered(server, { ...ordinary, token_endpoint_auth_method: 'none' })
  await registered(server, { ...ordinary, grant_types: [], redirect_uris: [] })
  const { client_id, token: bearer } = await registered(server)
  const body = { ...ordinary, client_id, client_name: 'Two 二 😀' }
  await updateClient({ bearer, client_id, body, now: now + 5 }, server)
  await administer({ label: 'Partner', note: 'one\u2028line, and "another"\n' })
  await administer({ disabled: true })
  const renewed = await registered(server)
  const renewal = { bearer: masterToken, client_id: renewed.client_id, body: {}, now: now + 9 }
  await renewClientSecretAdmin(renewal, server)
  await registerOwned(server)
  await makeStale(server)
  await registerElsewhere(server)
  return server
}

/** Clean-up has made one of the covered clients stale. */
async function makeStale(server: Served): Promise<void> {
  const { clients } = await server.cleanUp.listDue('DUE', 4_000_000_000, 1, undefined)
  const [first] = clients
  if (first === undefined) throw new Error('no client is covered by clean-up')
  await server.cleanUp.makeStale(first, now + 20, now + 90)
}

/** What other settings of the same table bring: a pending, an approved and a shared client. */
async function registerElsewhere({ TableName }: Served): Promise<void> {
  const documents = documentClient({ endpoint: embeddedDynamodb })
  const approving = composeServer(documents, TableName, {
    ...settings,
    approval: 'disabled_until_approved',
  })
  const anonymous = { bearer: undefined, now }
  await registerClient({ ...anonymous, body: ordinary }, approving)
  const { client_id } = await registerClient({ ...anonymous, body: ordinary }, approving)
  const decision = { decision: 'approve', note: 'seen' }
  await decideRegistration({ bearer: masterToken, client_id, body: decision, now }, approving)
  const sharing = composeServer(documents, TableName, { ...settings, sharing: 'public' })
  for (let instance = 0; instance < 2; instance += 1)
    await registerClient({ ...anonymous, body: publicProgram }, sharing)
}

type Item = Readonly<Record<string, unknown>>

/** The items, without what an import sets anew, and with their secrets in plaintext. */
export const comparableItems = async (
  server: { readonly TableName: string },
  prefix: string,
): Promise<Item[]> =>
  (await stored(server, prefix))
    .map(comparable)
    .sort((a, b) => (String(a.pk) < String(b.pk) ? -1 : 1))

function comparable({ write_id: _, sequence: __, ...item }: Item): Item {
  const client_id = String(item.pk).replace(/^CLIENT#/, '')
  const reveal = (jwe: unknown) =>
    typeof jwe === 'string' ? decryptSecretJwe(client_id, jwe, [secretRing]) : undefined
  const secret_jwe = reveal(item.secret_jwe)
  return { ...item, secret_jwe, previous_secret_jwe: reveal(item.previous_secret_jwe) }
}
