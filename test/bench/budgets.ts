import { type DeferredRegistration, registerOrDefer } from '../../lib/defer-registration.ts'
import { deleteClient } from '../../lib/delete-client.ts'
import { identifyRequest } from '../../lib/idempotency-key.ts'
import type { JsonObject } from '../../lib/json.ts'
import { checkClientSecret } from '../../lib/operator/check-client-secret.ts'
import { decideRegistration } from '../../lib/operator/decide-registration.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { disableClients } from '../../lib/operator/disable-clients.ts'
import { changeDisableJob } from '../../lib/operator/disable-jobs.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { decidePendingRegistration } from '../../lib/operator/pending-registration.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { reportUse } from '../../lib/operator/report-use.ts'
import { revokeInitialAccessToken } from '../../lib/operator/revoke-initial-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { cancelRegistration, pollRegistration } from '../../lib/poll-registration.ts'
import type { CleanUpStore, CoveredClient } from '../../lib/ports/clean-up-store.ts'
import { previewRegistration } from '../../lib/preview-registration.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { registerOnce } from '../../lib/register-once.ts'
import type { Server } from '../../lib/server.ts'
import { serverMetadata } from '../../lib/server-metadata.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { masterToken, staticInitialAccessToken } from '../support/compose.ts'
import { signer } from '../support/signer.ts'

/** One operation with its budget: prepare makes the work that is measured. */
export type Budget = {
  readonly operation: string
  readonly settings?: SettingsInput
  readonly roundTrips: number
  readonly writeUnits: number
  readonly readUnits?: number
  readonly prepare: (
    server: Server & { readonly cleanUp: CleanUpStore },
  ) => Promise<() => Promise<unknown>>
}

const register = (server: Server, bearer: string | undefined, body: object = ordinary) =>
  registerClient({ bearer, body: { ...body }, now }, server)

const sharing: SettingsInput = { registration: 'dynamic', sharing: 'public' }

const registerProgram = (server: Server, client_name: string) =>
  register(server, undefined, { ...ordinary, client_name, token_endpoint_auth_method: 'none' })

const hourly = (limit: { perHour: number; perHost?: number }): SettingsInput => ({
  registration: 'dynamic',
  policies: ['maximum-anonymous-clients'],
  policySettings: { 'maximum-anonymous-clients': limit },
})

const ofSoftware: SettingsInput = {
  registration: 'dynamic',
  policies: ['maximum-clients-per-software'],
  policySettings: { 'maximum-clients-per-software': { max: 1_000 } },
}

const registerSoftware = (server: Server) =>
  register(server, undefined, { ...ordinary, software_id: 'notes' })

export const rotating = {
  registrationAccessToken: { rotateOn: ['read', 'update'] },
} satisfies SettingsInput
const windowed = {
  registrationAccessToken: { rotateOn: ['read', 'update'], reuseWindow: 30 },
} satisfies SettingsInput

const issuer = signer()

const trusting = (singleUse: boolean, reads = false): SettingsInput => {
  const audience = ['https://as.example/register']
  const trusted = { issuer: issuer.issuer, jwks: issuer.jwks, audience, singleUse, reads }
  return { accessTokenIssuers: [trusted] }
}

/** A request of an authorization server for a client that is there. */
const reading =
  (work: (request: Administration, server: Server) => Promise<unknown>) =>
  async (server: Server) => {
    const { client_id } = await registered(server)
    const bearer = issuer.accessToken({ scope: 'clients:read' })
    return () => work({ bearer, client_id, now }, server)
  }

const secretCheck = (request: Administration, server: Server) =>
  checkClientSecret({ ...request, body: { client_secret: 'a guess' } }, server)

const counted: SettingsInput = {
  initialAccessToken: { consumed: 'never' },
  policies: ['maximum-clients-per-owner'],
  policySettings: { 'maximum-clients-per-owner': { max: 1_000 } },
}

const byAccessToken = async (server: Server) => {
  const bearer = issuer.accessToken()
  return () => register(server, bearer)
}

/** The operator's work on a client that is there. */
const administered =
  (work: (request: Administration, server: Server) => Promise<unknown>) =>
  async (server: Server) => {
    const { client_id } = await registered(server)
    return () => work({ bearer: masterToken, client_id, now }, server)
  }

type Administration = Parameters<typeof getClient>[0]

export const listing = (query: Readonly<Record<string, string>>) => async (server: Server) => {
  const bearer = await initialAccessToken(server, { sub: 'alice', max_uses: 3 })
  for (let count = 0; count < 3; count += 1) await register(server, bearer)
  return () => listClients({ bearer: masterToken, now, query }, server)
}

const preview = (server: Server, bearer: string) =>
  previewRegistration({ bearer, body: ordinary, now }, server)

/** A registration with an idempotency key, as the endpoint carries it out. */
function registerKeyed(server: Server, bearer: string | undefined, body: object = ordinary) {
  const idempotent = identifyRequest('a-key-of-the-bench', bearer, [JSON.stringify(body)])
  const request = { bearer, body: { ...body }, idempotent, now }
  return registerOnce(idempotent, now, server, () => registerClient(request, server))
}

const keyedByToken = (body: object, times: number) => async (server: Server) => {
  const bearer = await initialAccessToken(server, { ...body })
  for (let count = 1; count < times; count += 1) await registerKeyed(server, bearer)
  return () => registerKeyed(server, bearer)
}

const byToken = (body: object) => async (server: Server) => {
  const bearer = await initialAccessToken(server, { ...body })
  return () => register(server, bearer)
}

/** What a client does with its token. */
const managing: readonly [string, (...request: Managing) => Promise<unknown>][] = [
  [
    'read',
    (server, client_id, bearer, at = now) => readClient({ bearer, client_id, now: at }, server),
  ],
  [
    'update',
    (server, client_id, bearer, at = now) => {
      const body = { ...ordinary, client_id }
      return updateClient({ bearer, client_id, body, now: at }, server)
    },
  ],
  [
    'delete',
    (server, client_id, bearer, at = now) => deleteClient({ bearer, client_id, now: at }, server),
  ],
]

type Managing = [server: Server, client_id: string, bearer: string, at?: number]

const approving = { approval: 'disabled_until_approved' } satisfies SettingsInput

/** A client that awaits approval. */
async function pending(server: Server) {
  const { client_id, registration_access_token: bearer } = await register(
    server,
    await initialAccessToken(server),
  )
  return { client_id, bearer }
}

const decide = (client_id: string, server: Server, decision = 'approve') =>
  decideRegistration({ bearer: masterToken, client_id, now, body: { decision } }, server)

const draft = { approval: 'draft', registration: 'dynamic' } satisfies SettingsInput

async function deferred(server: Server): Promise<DeferredRegistration> {
  const body = { ...ordinary, registration_mode: ['approval'] }
  const answer = await registerOrDefer({ bearer: undefined, body, now }, server)
  if (!('registration_code' in answer)) throw new Error('it was not deferred')
  return answer
}

const decideDeferred = (verification_code: string, server: Server) =>
  decidePendingRegistration(
    { bearer: masterToken, verification_code, now, body: { decision: 'approve' } },
    server,
  )

/** A request whose token is rejected; what is measured must be nothing else. */
async function rejection(request: Promise<unknown>): Promise<void> {
  const outcome = await outcomeOf(request)
  if (outcome !== 'invalid_token') throw new Error(`expected invalid_token, not ${outcome}`)
}

/** A client, and its token from before an update. */
async function rotated(server: Server) {
  const { client_id, token } = await registered(server)
  const body = { ...ordinary, client_id }
  await updateClient({ bearer: token, client_id, body, now }, server)
  return { client_id, token }
}

const rejected = (request: (server: Server) => Promise<unknown>) => async (server: Server) => () =>
  outcomeOf(request(server))

/** A report of these clients, each after uses at these times were reported. */
const reporting =
  (clients: number, used_at: number, ...before: readonly number[]) =>
  async (server: Server) => {
    const ids = await Promise.all(
      Array.from({ length: clients }, async () => (await registered(server)).client_id),
    )
    const report = (at: number) => {
      const body = { clients: ids.map((client_id) => ({ client_id, used_at: at })) }
      return reportUse({ bearer: masterToken, body, now }, server)
    }
    for (const at of before) await report(at)
    return () => report(used_at)
  }

const cleaning: SettingsInput = {
  cleanUp: { mode: 'on', registeredBy: ['operator', 'anonymous'] },
}

/** A server with the store of clean-up, which only its nightly Lambda has. */
type Prepared = Parameters<Budget['prepare']>[0]

const day = 86_400

/** A client that clean-up covers, and its token; stale if `stale_at` is given. */
async function covered(server: Prepared, stale_at?: number) {
  const { client_id, token } = await registered(server)
  const read = async () => (await server.clients.find(client_id)) as CoveredClient
  if (stale_at !== undefined)
    await server.cleanUp.makeStale(await read(), stale_at, stale_at + 90 * day)
  return { client: await read(), token }
}

/** What each index by which operators find clients adds. */
const finding = (
  [
    ['name', { name: true }, { client_name: 'Renamed' }],
    ['redirect host', { redirectHost: true }, { redirect_uris: ['https://other.example/'] }],
  ] as const
).flatMap(([by, findClientsBy, changed]): readonly Budget[] => [
  {
    operation: `register, found by ${by}`,
    settings: { findClientsBy },
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, masterToken),
  },
  ...(
    [
      [`update of the ${by}, found by it`, changed],
      [`update of others, found by ${by}`, { client_uri: 'https://client.example/' }],
    ] as const
  ).map(([operation, members]) => ({
    operation,
    settings: { findClientsBy },
    roundTrips: 2,
    writeUnits: 1,
    async prepare(server: Server) {
      const { client_id, token } = await registered(server)
      const body = { ...ordinary, client_id, ...members }
      return () => updateClient({ bearer: token, client_id, body, now }, server)
    },
  })),
  {
    operation: `delete, found by ${by}`,
    settings: { findClientsBy },
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      return () => deleteClient({ bearer: token, client_id, now }, server)
    },
  },
])

async function registerTen(server: Server, software_id: string): Promise<void> {
  for (let count = 0; count < 10; count += 1)
    await register(server, masterToken, { ...ordinary, software_id })
}

const disable = (server: Server, body: JsonObject) =>
  disableClients({ bearer: masterToken, body, now, mayContinue: () => true }, server)

/** Every operation that exists, with its budget. */
export const budgets: readonly Budget[] = [
  {
    operation: 'register, anonymous',
    settings: { registration: 'dynamic' },
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, undefined),
  },
  {
    // A read that finds nothing, and the put.
    operation: 'register, shared client, the first',
    settings: sharing,
    roundTrips: 2,
    writeUnits: 1,
    readUnits: 1,
    prepare: async (server) => () => registerProgram(server, 'The first'),
  },
  {
    // A read, and the count: one of k registrations adds k.
    operation: 'register, shared client, the second',
    settings: sharing,
    roundTrips: 2,
    writeUnits: 1,
    readUnits: 1,
    async prepare(server) {
      await registerProgram(server, 'The second')
      return () => registerProgram(server, 'The second')
    },
  },
  {
    operation: 'register, shared client of a million',
    settings: sharing,
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    async prepare(server) {
      const { client_id } = await registerProgram(server, 'Of a million')
      await server.clients.countInstances(client_id, 1e15)
      return () => registerProgram(server, 'Of a million')
    },
  },
  {
    operation: 'read, shared client',
    settings: sharing,
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    async prepare(server) {
      const { client_id, registration_access_token: bearer } = await registerProgram(server, 'Read')
      return () => readClient({ bearer, client_id, now }, server)
    },
  },
  {
    operation: 'update, shared client: rejected',
    settings: sharing,
    roundTrips: 0,
    writeUnits: 0,
    async prepare(server) {
      const { client_id, registration_access_token: bearer } = await registerProgram(server, 'Own')
      const body = { ...ordinary, client_id }
      return () => outcomeOf(updateClient({ bearer, client_id, body, now }, server))
    },
  },
  {
    operation: 'register, master token',
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, masterToken),
  },
  {
    operation: 'register, static initial access token',
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, staticInitialAccessToken),
  },
  {
    operation: 'register, token on_attempt',
    roundTrips: 2,
    writeUnits: 2,
    prepare: byToken({ consumed: 'on_attempt' }),
  },
  {
    operation: 'register, token never',
    roundTrips: 2,
    writeUnits: 1,
    prepare: byToken({ consumed: 'never' }),
  },
  {
    operation: 'register, token on_success',
    roundTrips: 2,
    writeUnits: 4,
    prepare: byToken({ consumed: 'on_success' }),
  },
  {
    operation: 'register, token on_attempt, several uses',
    roundTrips: 2,
    writeUnits: 3,
    prepare: byToken({ consumed: 'on_attempt', max_uses: 500 }),
  },
  {
    operation: 'register, reusable access token',
    settings: trusting(false),
    roundTrips: 1,
    writeUnits: 1,
    prepare: byAccessToken,
  },
  {
    operation: 'register, single-use access token',
    settings: trusting(true),
    roundTrips: 1,
    writeUnits: 4,
    prepare: byAccessToken,
  },
  {
    // A transaction: the client and the owner's counter, twice two units. The token is read before.
    operation: 'register, counted for its owner',
    settings: counted,
    roundTrips: 2,
    writeUnits: 4,
    prepare: byToken({ sub: 'alice' }),
  },
  {
    operation: 'register, dry run, master token',
    roundTrips: 0,
    writeUnits: 0,
    prepare: async (server) => () => preview(server, masterToken),
  },
  {
    operation: 'register, dry run, token on_attempt',
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    async prepare(server) {
      const bearer = await initialAccessToken(server, { consumed: 'on_attempt' })
      return () => preview(server, bearer)
    },
  },
  {
    // A read, and a transaction of the client and its response.
    operation: 'register, master token, idempotency key',
    roundTrips: 2,
    writeUnits: 6,
    readUnits: 1,
    prepare: async (server) => () => registerKeyed(server, masterToken),
  },
  {
    operation: 'register, token on_success, idempotency key',
    roundTrips: 3,
    writeUnits: 8,
    readUnits: 2,
    prepare: keyedByToken({ consumed: 'on_success' }, 1),
  },
  {
    operation: 'register, token on_attempt, idempotency key',
    roundTrips: 3,
    writeUnits: 7,
    readUnits: 1,
    prepare: keyedByToken({ consumed: 'on_attempt' }, 1),
  },
  {
    operation: 'register, idempotency key, repeated',
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    prepare: keyedByToken({ consumed: 'on_success' }, 2),
  },
  {
    // A transaction: the client and the counter of the hour, twice two units.
    operation: 'register, hourly limit',
    settings: hourly({ perHour: 1_000 }),
    roundTrips: 1,
    writeUnits: 4,
    prepare: async (server) => () => register(server, undefined),
  },
  {
    operation: 'register, hourly limit, and of its host',
    settings: hourly({ perHour: 1_000, perHost: 100 }),
    roundTrips: 1,
    writeUnits: 6,
    prepare: async (server) => () => register(server, undefined),
  },
  {
    // What an instance knows to be used up costs nothing until the next hour.
    operation: 'rejected: hourly limit, again',
    settings: hourly({ perHour: 1 }),
    roundTrips: 0,
    writeUnits: 0,
    async prepare(server) {
      for (let count = 0; count < 2; count += 1) await outcomeOf(register(server, undefined))
      return () => outcomeOf(register(server, undefined))
    },
  },
  {
    operation: 'register, counted for its software_id',
    settings: ofSoftware,
    roundTrips: 1,
    writeUnits: 4,
    prepare: async (server) => () => registerSoftware(server),
  },
  {
    // As for an owner.
    operation: 'delete, counted for its software_id',
    settings: ofSoftware,
    roundTrips: 2,
    writeUnits: 5,
    async prepare(server) {
      const { client_id, registration_access_token: bearer } = await registerSoftware(server)
      return () => deleteClient({ bearer, client_id, now }, server)
    },
  },
  {
    operation: 'read, with rotation',
    settings: rotating,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      return () => readClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'read, without rotation',
    roundTrips: 1,
    writeUnits: 0,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      return () => readClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'read, predecessor inside the window',
    settings: windowed,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await rotated(server)
      return () => readClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'read, the same without rotation',
    settings: { registrationAccessToken: { reuseWindow: 30 } },
    roundTrips: 1,
    writeUnits: 0,
    async prepare(server) {
      const { client_id, token } = await rotated(server)
      return () => readClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'update',
    roundTrips: 2,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      const body = { ...ordinary, client_id, client_name: 'Renamed' }
      return () => updateClient({ bearer: token, client_id, body, now }, server)
    },
  },
  {
    operation: 'delete',
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      return () => deleteClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    // The plain deletion that is rejected, then a transaction of two: only the rejection shows that the client counts.
    operation: 'delete, counted for its owner',
    settings: counted,
    roundTrips: 2,
    writeUnits: 5,
    async prepare(server) {
      const token = await initialAccessToken(server, { sub: 'alice' })
      const { client_id, registration_access_token: bearer } = await register(server, token)
      return () => deleteClient({ bearer, client_id, now }, server)
    },
  },
  {
    operation: 'issue an initial access token',
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => initialAccessToken(server),
  },
  {
    operation: 'issue one with a client_id to check',
    roundTrips: 2,
    writeUnits: 1,
    async prepare(server) {
      const { client_id } = await registered(server)
      const request = { bearer: masterToken, body: { client_id }, now }
      return () => issueInitialAccessToken(request, server)
    },
  },
  {
    operation: 'revoke an initial access token',
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const id = initialAccessTokenId(await initialAccessToken(server)) ?? ''
      return () => revokeInitialAccessToken({ bearer: masterToken, id, now }, server)
    },
  },
  {
    operation: 'clients: show',
    roundTrips: 1,
    writeUnits: 0,
    prepare: administered(getClient),
  },
  {
    operation: 'clients: show to an authorization server',
    settings: trusting(false, true),
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    prepare: reading(getClient),
  },
  {
    operation: 'clients: check a secret',
    settings: trusting(false, true),
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    prepare: reading(secretCheck),
  },
  {
    operation: 'clients: check a secret, unknown client',
    settings: trusting(false, true),
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    prepare: reading((request, server) => secretCheck({ ...request, client_id: 'nobody' }, server)),
  },
  {
    operation: 'clients: disable, label and note',
    roundTrips: 1,
    writeUnits: 1,
    prepare: administered((request, server) => {
      const body = { disabled: true, label: 'partner', note: 'a note' }
      return updateClientAdmin({ ...request, body }, server)
    }),
  },
  {
    operation: 'clients: re-issue a token',
    roundTrips: 1,
    writeUnits: 1,
    prepare: administered(reissueRegistrationAccessToken),
  },
  {
    operation: 'register, awaits approval',
    settings: { ...approving, registration: 'dynamic' },
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, undefined),
  },
  {
    operation: 'read, awaits approval',
    settings: approving,
    roundTrips: 1,
    readUnits: 1,
    writeUnits: 0,
    async prepare(server) {
      const { client_id, bearer } = await pending(server)
      return () => outcomeOf(readClient({ bearer, client_id, now }, server))
    },
  },
  {
    operation: 'clients: approve',
    settings: approving,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id } = await pending(server)
      return () => decide(client_id, server)
    },
  },
  {
    // The write for a client without a label is rejected: labelled clients are listed elsewhere.
    operation: 'clients: approve one with a label',
    settings: approving,
    roundTrips: 2,
    writeUnits: 2,
    async prepare(server) {
      const { client_id } = await pending(server)
      const body = { label: 'partner' }
      await updateClientAdmin({ bearer: masterToken, client_id, now, body }, server)
      return () => decide(client_id, server)
    },
  },
  {
    operation: 'clients: a second decision',
    settings: approving,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id } = await pending(server)
      await decide(client_id, server)
      return () => outcomeOf(decide(client_id, server, 'reject'))
    },
  },
  {
    // Eight shards of the listing, and the items.
    operation: 'clients: list those that await approval',
    settings: approving,
    roundTrips: 9,
    writeUnits: 0,
    prepare: listing({ state: 'pending' }),
  },
  {
    operation: 'deferred registration: request',
    settings: draft,
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => deferred(server),
  },
  {
    operation: 'deferred registration: poll while pending',
    settings: draft,
    roundTrips: 2,
    readUnits: 1,
    writeUnits: 1,
    async prepare(server) {
      const { registration_code } = await deferred(server)
      return () => pollRegistration({ registration_code, now: now + 5 }, server)
    },
  },
  {
    operation: 'deferred registration: poll too fast',
    settings: draft,
    roundTrips: 1,
    readUnits: 1,
    writeUnits: 0,
    async prepare(server) {
      const { registration_code } = await deferred(server)
      return () => outcomeOf(pollRegistration({ registration_code, now }, server))
    },
  },
  {
    // A transaction: the client is written and the registration deleted, twice one unit each.
    operation: 'deferred registration: poll after approval',
    settings: draft,
    roundTrips: 2,
    readUnits: 1,
    writeUnits: 4,
    async prepare(server) {
      const { registration_code, verification_code } = await deferred(server)
      await decideDeferred(verification_code, server)
      return () => pollRegistration({ registration_code, now }, server)
    },
  },
  {
    operation: 'deferred registration: cancellation',
    settings: draft,
    roundTrips: 2,
    readUnits: 1,
    writeUnits: 1,
    async prepare(server) {
      const { registration_code } = await deferred(server)
      return () => cancelRegistration({ registration_code, now }, server)
    },
  },
  {
    operation: 'deferred registration: approval',
    settings: draft,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { verification_code } = await deferred(server)
      return () => decideDeferred(verification_code, server)
    },
  },
  {
    operation: 'deferred registration: unknown code',
    settings: draft,
    roundTrips: 1,
    readUnits: 1,
    writeUnits: 0,
    async prepare(server) {
      const registration_code = `reg_BCDFGHJK_${'a'.repeat(43)}`
      return () => outcomeOf(pollRegistration({ registration_code, now }, server))
    },
  },
  {
    operation: 'clients: delete',
    roundTrips: 1,
    writeUnits: 1,
    prepare: administered(deleteClientAdmin),
  },
  {
    // One query and the items.
    operation: 'clients: list those of an owner',
    roundTrips: 2,
    writeUnits: 0,
    prepare: listing({ owner: 'alice' }),
  },
  {
    // Eight shards of the listing, and the items.
    operation: 'clients: list those labelled DCR',
    roundTrips: 9,
    writeUnits: 0,
    prepare: listing({ label: 'DCR' }),
  },
  {
    // Eight shards of each of the two listings, and the items.
    operation: 'clients: list all',
    roundTrips: 17,
    writeUnits: 0,
    prepare: listing({}),
  },
  ...finding,
  {
    // Eight shards, and the items.
    operation: 'clients: find by name',
    settings: { findClientsBy: { name: true } },
    roundTrips: 9,
    writeUnits: 0,
    prepare: listing({ name_prefix: 'an ord' }),
  },
  {
    // The host, eight shards of the clients with several hosts, and the items.
    operation: 'clients: find by redirect host',
    settings: { findClientsBy: { redirectHost: true } },
    roundTrips: 10,
    writeUnits: 0,
    prepare: listing({ redirect_host: 'client.example' }),
  },
  ...managing.flatMap(([operation, work]): readonly Budget[] => [
    {
      operation: `${operation}, forged token`,
      settings: rotating,
      roundTrips: 0,
      writeUnits: 0,
      async prepare(server) {
        const { client_id } = await registered(server)
        return () => rejection(work(server, client_id, `rat_${'a'.repeat(64)}`))
      },
    },
    {
      operation: `${operation}, token of another client`,
      settings: rotating,
      roundTrips: 0,
      writeUnits: 0,
      async prepare(server) {
        const { client_id } = await registered(server)
        const { token } = await registered(server)
        return () => rejection(work(server, client_id, token))
      },
    },
    {
      operation: `${operation}, wrong token of before the MAC`,
      settings: rotating,
      roundTrips: 1,
      writeUnits: 0,
      async prepare(server) {
        const { client_id } = await registered(server)
        return () => rejection(work(server, client_id, `rat_${'a'.repeat(43)}`))
      },
    },
    {
      operation: `${operation}, expired token`,
      settings: rotating,
      roundTrips: 1,
      writeUnits: 1,
      async prepare(server) {
        const { client_id, token } = await registered(server)
        return () => rejection(work(server, client_id, token, now + 2_592_000))
      },
    },
    {
      operation: `${operation}, rotated token`,
      settings: rotating,
      roundTrips: 1,
      writeUnits: 1,
      async prepare(server) {
        const { client_id, token } = await rotated(server)
        return () => rejection(work(server, client_id, token))
      },
    },
    {
      operation: `${operation}, unknown client`,
      settings: rotating,
      roundTrips: 1,
      writeUnits: 1,
      async prepare(server) {
        const { client_id, token } = await registered(server)
        await deleteClient({ bearer: token, client_id, now }, server)
        return () => rejection(work(server, client_id, token))
      },
    },
  ]),
  {
    // What is rejected, and the write that disables.
    operation: 'read, rotated token, onReuse disable',
    settings: {
      registrationAccessToken: { ...rotating.registrationAccessToken, onReuse: 'disable' },
    },
    roundTrips: 2,
    writeUnits: 2,
    async prepare(server) {
      const { client_id, token } = await rotated(server)
      return () => rejection(readClient({ bearer: token, client_id, now }, server))
    },
  },
  {
    operation: 'report use, first of the day',
    roundTrips: 2,
    writeUnits: 1,
    readUnits: 1,
    prepare: reporting(1, now),
  },
  {
    operation: 'report use, repeated',
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    prepare: reporting(1, now, now - 60),
  },
  {
    operation: 'report use, late',
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 1,
    prepare: reporting(1, now - 86_400, now),
  },
  {
    operation: 'report use of 100 clients, repeated',
    roundTrips: 1,
    writeUnits: 0,
    readUnits: 100,
    prepare: reporting(100, now, now),
  },
  {
    operation: 'register, with clean-up',
    settings: { registration: 'dynamic', ...cleaning },
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, undefined),
  },
  {
    // A read whether the client_id exists, and the put: whatever the hook does, it is no request here.
    operation: 'register, with a hook',
    settings: { registration: 'dynamic' },
    roundTrips: 2,
    writeUnits: 1,
    readUnits: 1,
    async prepare(server) {
      const onRegistered = { registered: async () => {}, undo: async () => {} }
      return () => register({ ...server, onRegistered }, undefined)
    },
  },
  {
    operation: 'update, with clean-up',
    settings: cleaning,
    roundTrips: 2,
    writeUnits: 1,
    async prepare(server) {
      const { client, token } = await covered(server)
      const { client_id } = client
      const body = { ...ordinary, client_id }
      return () => updateClient({ bearer: token, client_id, body, now }, server)
    },
  },
  {
    operation: 'read, of a stale client',
    settings: cleaning,
    roundTrips: 2,
    writeUnits: 1,
    readUnits: 1,
    async prepare(server) {
      const { client, token } = await covered(server, now)
      return () => readClient({ bearer: token, client_id: client.client_id, now }, server)
    },
  },
  {
    operation: 'clean-up: keep a client that was used',
    settings: cleaning,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client } = await covered(server)
      return () => server.cleanUp.keep(client, now + 90 * day)
    },
  },
  {
    operation: 'clean-up: make a client stale',
    settings: cleaning,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client } = await covered(server)
      return () => server.cleanUp.makeStale(client, now, now + 90 * day)
    },
  },
  {
    // A transaction: the client and its tombstone, twice two units.
    operation: 'clean-up: delete a client',
    settings: cleaning,
    roundTrips: 1,
    writeUnits: 4,
    async prepare(server) {
      const { client } = await covered(server, now)
      return () => server.cleanUp.bury(client, now, now + 365 * day)
    },
  },
  {
    // A page of 100: one query, and the items.
    operation: 'clean-up: find two clients that are due',
    settings: cleaning,
    roundTrips: 9,
    writeUnits: 0,
    readUnits: 100,
    async prepare(server) {
      await covered(server)
      await covered(server)
      return () => server.cleanUp.listDue('DUE', now + 30 * day, 100, undefined)
    },
  },
  {
    // The job; a query and the items; the plan, ten clients, the end of the page; the job again.
    operation: 'disable 10 clients of a software_id',
    roundTrips: 16,
    writeUnits: 14,
    readUnits: 5,
    async prepare(server) {
      await registerTen(server, 'disabled at once')
      return () => disable(server, { software_id: 'disabled at once' })
    },
  },
  {
    // The job is read and changed; its page; ten clients; the job again.
    operation: 'undo it',
    roundTrips: 14,
    writeUnits: 12,
    readUnits: 2,
    async prepare(server) {
      await registerTen(server, 'enabled at once')
      const { id } = await disable(server, { software_id: 'enabled at once' })
      const body = { action: 'undo' }
      const request = { bearer: masterToken, id, body, now, mayContinue: () => true }
      return () => changeDisableJob(request, server)
    },
  },
  {
    // The job; 24 queries and a batch of 100 clients, of which none matches; the plan; the job.
    operation: 'walk 100 clients for a redirect host',
    roundTrips: 28,
    writeUnits: 3,
    readUnits: 50,
    async prepare(server) {
      for (let count = 0; count < 10; count += 1) await registerTen(server, `walked ${count}`)
      return () => disable(server, { redirect_host: 'nowhere.example', limit: 100 })
    },
  },
  {
    operation: 'discovery',
    roundTrips: 0,
    writeUnits: 0,
    prepare: async (server) => async () => serverMetadata(server),
  },
  {
    operation: 'rejected: no token',
    roundTrips: 0,
    writeUnits: 0,
    prepare: rejected((server) => register(server, undefined)),
  },
  {
    operation: 'rejected: anonymous, bad metadata',
    settings: { registration: 'dynamic' },
    roundTrips: 0,
    writeUnits: 0,
    prepare: rejected((server) => register(server, undefined, { redirect_uris: ['x'] })),
  },
]
