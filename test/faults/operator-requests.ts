import { disableClients } from '../../lib/operator/disable-clients.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { signer } from '../support/signer.ts'
import type { ServiceRequest } from './instance.ts'
import type { Operation, Prepared } from './operation.ts'

const issuer = signer()

const operators: SettingsInput = {
  accessTokenIssuers: [
    {
      issuer: issuer.issuer,
      jwks: issuer.jwks,
      audience: ['https://as.example/register'],
      singleUse: true,
      administers: true,
    },
  ],
}
const perOwner: SettingsInput = {
  policies: ['maximum-clients-per-owner'],
  policySettings: { 'maximum-clients-per-owner': { max: 5 } },
}

type Work = Pick<ServiceRequest, 'method' | 'path' | 'body' | 'query'>

const byMasterToken = (work: Work): Prepared => ({ request: { ...work, bearer: masterToken } })

/** The operator has other access tokens for the repetition of the request. */
function byAccessTokens(work: Work): Prepared {
  const request = () => ({ ...work, bearer: issuer.accessToken({ scope: 'client-admin' }) })
  return { request: request(), renewed: request() }
}

const of = (client_id: string, method: string, body?: object, below = ''): Work => ({
  method,
  path: `/clients/${client_id}${below}`,
  ...(body !== undefined && { body }),
})

const onClient =
  (
    work: (client_id: string) => Work,
    {
      prepareClient = registered as (server: Server) => Promise<{ client_id: string }>,
      by = byMasterToken,
    } = {},
  ) =>
  async (server: Server): Promise<Prepared> =>
    by(work((await prepareClient(server)).client_id))

async function disabled(server: Server) {
  const client = await registered(server)
  const { client_id } = client
  await updateClientAdmin({ bearer: masterToken, client_id, body: { disabled: true }, now }, server)
  return client
}

const approving: SettingsInput = { approval: 'disabled_until_approved' }

async function pending(server: Server) {
  const bearer = await initialAccessToken(server)
  return registerClient({ bearer, body: ordinary, now }, server)
}

async function labelledPending(server: Server) {
  const client = await pending(server)
  const { client_id } = client
  await updateClientAdmin(
    { bearer: masterToken, client_id, body: { label: 'partner' }, now },
    server,
  )
  return client
}

async function disabledAtOnce(server: Server) {
  await registered(server)
  const request = { bearer: masterToken, now, mayContinue: () => true }
  return disableClients({ ...request, body: { redirect_host: 'client.example' } }, server)
}

async function counted(server: Server) {
  const bearer = await initialAccessToken(server, { sub: 'alice' })
  return registerClient({ bearer, body: ordinary, now }, server)
}

const repeatable = { success: 200, repeated: 200 }
const removesOnce = { success: 204, repeated: 404 }
/** A single-use access token of the operator is consumed by its own write, before the work. */
const consumesFirst = { repeated: 401, part: { changes: ['+JTI'], repeated: 401 } }

const show = (client_id: string) => of(client_id, 'GET')
const disable = (client_id: string) => of(client_id, 'PATCH', { disabled: true, label: 'partner' })
const enable = (client_id: string) => of(client_id, 'PATCH', { disabled: false })
const label = (client_id: string) => of(client_id, 'PATCH', { label: 'partner' })
const approve = (client_id: string) =>
  of(client_id, 'POST', { decision: 'approve', note: 'Known' }, '/approval')
const reject = (client_id: string) => of(client_id, 'POST', { decision: 'reject' }, '/approval')
const remove = (client_id: string) => of(client_id, 'DELETE')
const checkSecret = (client_id: string) =>
  of(client_id, 'POST', { client_secret: 'a guess' }, '/secret-check')
const renewSecret = (client_id: string) => of(client_id, 'POST', { overlap: 60 }, '/client-secret')
const reissue = (client_id: string) =>
  of(client_id, 'POST', undefined, '/registration-access-token')
const issue: Work = { method: 'POST', path: '/initial-access-tokens', body: { sub: 'alice' } }

export const operatorRequests: readonly Operation[] = [
  { name: 'operator: get a client', ...repeatable, prepare: onClient(show) },
  {
    name: 'operator: list clients',
    ...repeatable,
    prepare: onClient(() => ({ method: 'GET', path: '/clients' })),
  },
  { name: 'operator: disable a client', ...repeatable, prepare: onClient(disable) },
  {
    name: 'operator: enable a client',
    ...repeatable,
    prepare: onClient(enable, { prepareClient: disabled }),
  },
  {
    name: 'operator: approve a registration',
    settings: approving,
    ...repeatable,
    prepare: onClient(approve, { prepareClient: pending }),
  },
  {
    name: 'operator: approve a registration with a label',
    settings: approving,
    ...repeatable,
    prepare: onClient(approve, { prepareClient: labelledPending }),
  },
  {
    name: 'operator: reject a registration',
    settings: approving,
    ...repeatable,
    prepare: onClient(reject, { prepareClient: pending }),
  },
  {
    name: 'operator: label a client that awaits approval',
    settings: approving,
    ...repeatable,
    prepare: onClient(label, { prepareClient: pending }),
  },
  { name: 'operator: delete a client', ...removesOnce, prepare: onClient(remove) },
  {
    name: 'operator: delete a client, owner quota',
    settings: perOwner,
    ...removesOnce,
    prepare: onClient(remove, { prepareClient: counted }),
  },
  { name: 'operator: reissue a token', ...repeatable, prepare: onClient(reissue) },
  { name: 'operator: renew a secret', ...repeatable, prepare: onClient(renewSecret) },
  { name: 'operator: check a secret', ...repeatable, prepare: onClient(checkSecret) },
  {
    name: 'operator: list jobs',
    ...repeatable,
    async prepare(server) {
      await disabledAtOnce(server)
      return byMasterToken({ method: 'GET', path: '/disable-jobs' })
    },
  },
  {
    name: 'operator: show a job',
    ...repeatable,
    async prepare(server) {
      const { id } = await disabledAtOnce(server)
      return byMasterToken({ method: 'GET', path: `/disable-jobs/${id}` })
    },
  },
  {
    name: 'operator: issue an initial access token',
    ...repeatable,
    prepare: async () => byMasterToken(issue),
  },
  {
    name: 'operator: list initial access tokens',
    ...repeatable,
    async prepare(server) {
      await initialAccessToken(server)
      return byMasterToken({ method: 'GET', path: '/initial-access-tokens' })
    },
  },
  {
    name: 'operator: revoke an initial access token',
    ...removesOnce,
    async prepare(server) {
      const id = initialAccessTokenId(await initialAccessToken(server)) ?? ''
      return byMasterToken({ method: 'DELETE', path: `/initial-access-tokens/${id}` })
    },
  },
  {
    name: 'operator: get a client, single-use access token',
    settings: operators,
    success: 200,
    ...consumesFirst,
    prepare: onClient(show, { by: byAccessTokens }),
  },
  {
    name: 'operator: disable a client, single-use access token',
    settings: operators,
    success: 200,
    ...consumesFirst,
    prepare: onClient(disable, { by: byAccessTokens }),
  },
  {
    name: 'operator: issue an initial access token, single-use access token',
    settings: operators,
    success: 200,
    ...consumesFirst,
    prepare: async () => byAccessTokens(issue),
  },
]
