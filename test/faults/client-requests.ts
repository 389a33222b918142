import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import type { ServiceRequest } from './instance.ts'
import type { Operation, Prepared } from './operation.ts'
import { signed, signingIssuer } from './registrations.ts'

type Client = { readonly client_id: string; readonly token: string }

const own = (method: string, { client_id, token }: Client, body?: object | string) =>
  ({
    method,
    path: `/register/${client_id}`,
    bearer: token,
    ...(body !== undefined && { body }),
  }) satisfies ServiceRequest

const rotating = (reuseWindow: number): SettingsInput => ({
  registrationAccessToken: { rotateOn: ['read', 'update'], reuseWindow },
})
const fixed: SettingsInput = { registrationAccessToken: { rotateOn: [] } }
const perOwner: SettingsInput = {
  policies: ['maximum-clients-per-owner'],
  policySettings: { 'maximum-clients-per-owner': { max: 5 } },
}

const ofClient =
  (
    request: (client: Client) => ServiceRequest,
    prepareClient: (server: Server) => Promise<Client> = registered,
  ) =>
  async (server: Server): Promise<Prepared> => ({ request: request(await prepareClient(server)) })

const read = (client: Client) => own('GET', client)
const update = (client: Client) =>
  own('PUT', client, { ...ordinary, client_id: client.client_id, client_name: 'Renamed' })
const remove = (client: Client) => own('DELETE', client)
const renew = (client: Client): ServiceRequest => {
  const { path, bearer } = own('POST', client)
  return { method: 'POST', path: `${path}/client-secret`, bearer }
}
/** Both secrets of a renewal are valid for a minute. */
const overlapping: SettingsInput = { clientSecret: { overlap: 60 } }

/** A client that counts toward the quota of its owner. */
async function counted(server: Server) {
  const bearer = await initialAccessToken(server, { sub: 'alice' })
  const answer = await registerClient({ bearer, body: ordinary, now }, server)
  return { ...answer, token: answer.registration_access_token ?? '' }
}

/** A client with its token from before an update. */
async function rotated(server: Server) {
  const client = await registered(server)
  const { client_id, token } = client
  await updateClient({ bearer: token, client_id, body: { ...ordinary, client_id }, now }, server)
  return client
}

/** A public client, which is given a secret by the update. */
const publicClient = (server: Server) =>
  registered(server, { ...ordinary, token_endpoint_auth_method: 'none' })

const signedUpdate = (client: Client) =>
  own('PUT', client, signed({ client_id: client.client_id, client_name: 'Renamed' }))

/** The response is lost with the token that it holds: the client asks the operator. */
const rotatesOnce = { success: 200, repeated: 401 }
const repeatable = { success: 200, repeated: 200 }
const removesOnce = { success: 204, repeated: 401 }

export const clientRequests: readonly Operation[] = [
  { name: 'read', ...repeatable, prepare: ofClient(read) },
  { name: 'read, rotating', settings: rotating(0), ...rotatesOnce, prepare: ofClient(read) },
  {
    name: 'read, rotating, reuse window',
    settings: rotating(30),
    ...repeatable,
    prepare: ofClient(read),
  },
  {
    name: 'read by the previous token in the window',
    settings: rotating(30),
    ...repeatable,
    prepare: ofClient(read, rotated),
  },
  { name: 'update, rotating', ...rotatesOnce, prepare: ofClient(update) },
  {
    name: 'update, rotating, reuse window',
    settings: rotating(30),
    ...repeatable,
    prepare: ofClient(update),
  },
  {
    name: 'update by the previous token in the window',
    settings: rotating(30),
    ...repeatable,
    prepare: ofClient(update, rotated),
  },
  { name: 'update, not rotating', settings: fixed, ...repeatable, prepare: ofClient(update) },
  {
    name: 'update that issues a secret',
    settings: rotating(30),
    ...repeatable,
    prepare: ofClient(update, publicClient),
  },
  {
    name: 'update, signed body',
    settings: { ...signingIssuer, ...fixed },
    success: 200,
    repeated: 400,
    part: { changes: ['+JTI'], repeated: 400 },
    async prepare(server) {
      const client = await registered(server)
      return { request: signedUpdate(client), renewed: signedUpdate(client) }
    },
  },
  {
    name: 'renewal of the secret, not rotating',
    settings: { ...fixed, ...overlapping },
    ...repeatable,
    prepare: ofClient(renew),
  },
  {
    name: 'renewal of the secret, reuse window',
    settings: { ...rotating(30), ...overlapping },
    ...repeatable,
    prepare: ofClient(renew),
  },
  { name: 'delete', ...removesOnce, prepare: ofClient(remove) },
  {
    name: 'delete, owner quota',
    settings: perOwner,
    ...removesOnce,
    prepare: ofClient(remove, counted),
  },
  {
    name: 'delete by the previous token in the window',
    settings: rotating(30),
    ...removesOnce,
    prepare: ofClient(remove, rotated),
  },
]
