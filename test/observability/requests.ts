import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import type { Api, ApiRequest, RegisteredAnswer } from '../support/api.ts'
import type { RequestLine } from './line.ts'

/** What a request's line has to say. */
export type Expected = Pick<RequestLine, 'operation' | 'outcome' | 'status'> &
  Readonly<Record<string, unknown>>

export type Sent = ApiRequest & { readonly path: string }

/** What was made ready before the requests are sent. */
export type Fixture = {
  readonly api: Api
  /** Sends a request that goes before the one of the case. */
  readonly call: Api['call']
  /** Registers a client, for an owner where one is named. */
  readonly register: (sub?: string) => Promise<RegisteredAnswer>
  readonly client: RegisteredAnswer
  /** The access token of an administrator. */
  readonly administrator: (sub: string | undefined) => string
  /** Issues an initial access token; resolves to its value. */
  readonly token: (body?: Record<string, unknown>) => Promise<string>
}

/** A request: what it is, what is sent, what its line says. */
export type Case = readonly [
  title: string,
  sent: (fixture: Fixture) => Sent | Promise<Sent>,
  expected: Expected,
]

const ok = (operation: string, status: number, more: object = {}): Expected => ({
  operation,
  outcome: 'ok',
  status,
  ...more,
})

const rejected = (
  operation: string,
  status: number,
  code: string,
  more: object = {},
): Expected => ({
  operation,
  outcome: 'rejected',
  status,
  code,
  ...more,
})

const fault = (operation: string, status: number, code: string): Expected => ({
  operation,
  outcome: 'fault',
  status,
  code,
})

const redirect_uris = ['https://client.example/callback']

const register = (bearer: string | undefined, body: unknown = { redirect_uris }): Sent => ({
  path: '/register',
  method: 'POST',
  bearer,
  body,
})

const repeatable =
  (body?: unknown) =>
  ({ api }: Fixture) => ({
    ...register(api.service.masterToken, body),
    headers: { 'idempotency-key': 'a-key-of-these-tests' },
  })

const governed =
  (...policies: string[]) =>
  async ({ token }: Fixture) =>
    register(await token({ policies }))

const byOperator =
  (path: string, more: ApiRequest = {}) =>
  ({ api }: Fixture) => ({
    path,
    bearer: api.service.masterToken,
    ...more,
  })

const ofClient =
  (more: ApiRequest = {}, below = '') =>
  ({ api, client }: Fixture) => ({
    path: `/clients/${client.client_id}${below}`,
    bearer: api.service.masterToken,
    ...more,
  })

const owner = 'alice@example.com'

/** What identifies the client and its owner. */
const whose = {
  client_id: expect.any(String),
  owner: 'bob',
  initial_access_token: expect.any(String),
}

/** A token that nobody was given. */
const guess = `rat_${'g'.repeat(43)}`

const operations = { GET: 'read', PUT: 'update', DELETE: 'delete' } as const

const asking = { redirect_uris, registration_mode: ['approval'] }

/** Defers a registration; resolves to its codes. */
async function deferred({ call, token }: Fixture) {
  const { body } = await call('/register', register(await token(), asking))
  return { registration_code: body.registration_code, code: String(body.verification_code) }
}

const decision = (code: string, choice: string, bearer: string) => ({
  path: `/pending-registrations/${code}/approval`,
  method: 'POST',
  bearer,
  body: { decision: choice },
})

/** A poll of a registration that was decided so. */
const decidedPoll = (choice: string) => async (fixture: Fixture) => {
  const { registration_code, code } = await deferred(fixture)
  const { path, ...request } = decision(code, choice, fixture.api.service.masterToken)
  await fixture.call(path, request)
  return register(undefined, { registration_code })
}

/** Every operation and every rejection, in an order in which each works. */
export const cases: readonly Case[] = [
  ['a preflight', () => ({ path: '/register', method: 'OPTIONS' }), ok('options', 204)],
  ['discovery', () => ({ path: '/.well-known/openid-configuration' }), ok('discovery', 200)],
  ['the OpenAPI document', () => ({ path: '/openapi.json' }), ok('openapi', 200)],
  ['an unknown path', () => ({ path: '/nowhere' }), rejected('unknown', 404, 'not_found')],
  ['a wrong method', () => ({ path: '/register' }), rejected('unknown', 405, 'method_not_allowed')],
  ['the way to the page', () => ({ path: '/', method: 'HEAD' }), ok('console', 302)],
  ['the page', () => ({ path: '/applications', method: 'HEAD' }), ok('console', 200)],
  [
    'a registration',
    async ({ token }) => register(await token({ sub: owner, policies: ['pass'] })),
    ok('register', 201, {
      owner,
      registration_method: 'initial_access_token',
      initial_access_token: expect.any(String),
      policies: ['pass'],
      consumed: true,
      dynamodb_round_trips: 2,
    }),
  ],
  [
    'a registration by a token that any attempt consumes',
    async ({ token }) => register(await token({ consumed: 'on_attempt' }), { redirect_uris: [] }),
    rejected('register', 400, 'invalid_redirect_uri', { consumed: true }),
  ],
  [
    'a registration by the static token',
    ({ api }) => register(api.service.staticInitialAccessToken),
    ok('register', 201, { registration_method: 'static_initial_access_token' }),
  ],
  [
    'a registration with an idempotency key',
    repeatable(),
    ok('register', 201, { registration_method: 'operator' }),
  ],
  [
    'a registration that is repeated',
    repeatable(),
    ok('register', 201, { client_id: expect.any(String), repeated: true }),
  ],
  [
    'another registration under the same key',
    repeatable({}),
    rejected('register', 422, 'idempotency_key_reused'),
  ],
  [
    'a dry run',
    ({ api }) => ({ ...register(api.service.masterToken), path: '/register?dry_run=true' }),
    ok('register', 200, { registration_method: 'operator', dry_run: true }),
  ],
  [
    'a registration by an access token',
    ({ administrator }) => register(administrator('dora')),
    ok('register', 201, {
      registration_method: 'access_token',
      owner: 'dora',
      owner_iss: 'https://administrators.example',
    }),
  ],
  ['no token', () => register(undefined), rejected('register', 401, 'missing_token')],
  ['a wrong token', () => register('a-secret-of-mine'), rejected('register', 401, 'invalid_token')],
  [
    'a token that lacks the scope',
    async ({ token }) => register(await token({ scope: ['other'], sub: owner })),
    rejected('register', 403, 'insufficient_scope', { owner }),
  ],
  [
    'a token that lacks the scope and is consumed on the attempt',
    async ({ token }) => register(await token({ scope: ['other'], consumed: 'on_attempt' })),
    rejected('register', 403, 'insufficient_scope', {
      registration_method: 'initial_access_token',
      initial_access_token: expect.any(String),
      consumed: true,
    }),
  ],
  [
    'the id of an initial access token with another secret',
    async ({ token }) => register((await token()).replace(/[\w-]{43}$/, 'g'.repeat(43))),
    rejected('register', 401, 'invalid_token', {
      initial_access_token: expect.any(String),
    }),
  ],
  [
    'a redirect URI that is none',
    async ({ token }) => register(await token(), { redirect_uris: ['not a uri'] }),
    rejected('register', 400, 'invalid_redirect_uri'),
  ],
  [
    'a member named after a secret',
    async ({ token, client }) =>
      register(await token(), { redirect_uris, [String(client.body.client_secret)]: 1 }),
    rejected('register', 400, 'invalid_client_metadata'),
  ],
  [
    'a body that is not JSON',
    async ({ token }) => register(await token(), '{"client_name": "what I sent'),
    rejected('register', 400, 'invalid_client_metadata'),
  ],
  [
    'a software statement that is none',
    async ({ token }) => register(await token(), { redirect_uris, software_statement: 'a.b.c' }),
    rejected('register', 400, 'invalid_software_statement'),
  ],
  [
    'a document that cannot be read',
    async ({ token }) =>
      register(await token(), { redirect_uris, jwks_uri: 'https://client.example/jwks' }),
    ok('register', 201),
  ],
  [
    'a policy that rejects',
    governed('pass', 'reject', 'pass'),
    rejected('register', 400, 'unapproved_software_statement', {
      policies: ['pass', 'reject'],
      rejected_by: 'reject',
    }),
  ],
  [
    'a policy that allows no more in this hour',
    governed('full'),
    rejected('register', 429, 'too_many_requests', { rejected_by: 'full' }),
  ],
  [
    'a policy whose quota is exhausted',
    governed('used-up'),
    rejected('register', 403, 'quota_exhausted', { rejected_by: 'used-up' }),
  ],
  ['a policy that fails', governed('break-down'), fault('register', 500, 'server_error')],
  [
    'a policy that does not end',
    governed('never-end'),
    fault('register', 503, 'temporarily_unavailable'),
  ],
  [
    'a body that is too large',
    async ({ token }) => register(await token(), { redirect_uris, client_name: 'x'.repeat(2000) }),
    rejected('register', 413, 'content_too_large'),
  ],
  [
    'a body of another type',
    async ({ token }) => ({
      ...register(await token(), 'client_name=what+I+sent'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    rejected('register', 415, 'unsupported_media_type'),
  ],
  [
    'a token in the query',
    async ({ token }) => ({
      ...register(undefined),
      path: `/register?access_token=${await token()}`,
    }),
    rejected('register', 400, 'invalid_request'),
  ],
  [
    'a read',
    ({ client }) => ({ path: client.path, bearer: client.token }),
    ok('read', 200, {
      rotated: true,
      dynamodb_round_trips: 1,
      client_id: expect.any(String),
    }),
  ],
  [
    'a read with a guessed token',
    ({ client }) => ({ path: client.path, bearer: guess }),
    rejected('read', 401, 'invalid_token', { conflict: undefined }),
  ],
  [
    'a read with a secret in the place of the client',
    ({ api, client }) => ({
      path: `/register/${api.service.masterToken}`,
      bearer: client.token,
    }),
    rejected('read', 401, 'invalid_token'),
  ],
  [
    'an update',
    async ({ register }) => {
      const { path, token, client_id } = await register()
      return { path, method: 'PUT', bearer: token, body: { client_id, redirect_uris } }
    },
    ok('update', 200, { rotated: true }),
  ],
  [
    'an update without a token',
    ({ client }) => ({ path: client.path, method: 'PUT', body: {} }),
    rejected('update', 401, 'missing_token'),
  ],
  [
    'a deletion',
    async ({ register }) => {
      const { path, token } = await register('bob')
      return { path, method: 'DELETE', bearer: token }
    },
    ok('delete', 204, whose),
  ],
  [
    'a deletion with a wrong token',
    ({ client }) => ({ path: client.path, method: 'DELETE', bearer: guess }),
    rejected('delete', 401, 'invalid_token', { conflict: undefined }),
  ],
  ...(['GET', 'PUT', 'DELETE'] as const).map(
    (method): Case => [
      `a ${method} with a token that was used before`,
      async ({ register, call }) => {
        const { path, token, client_id } = await register()
        await call(path, { bearer: token })
        return { path, method, bearer: token, ...(method === 'PUT' && { body: { client_id } }) }
      },
      rejected(operations[method], 401, 'invalid_token', { conflict: true }),
    ],
  ),
  [
    'a deletion with a token before the one that was used before',
    async ({ register, call }) => {
      const { path, token } = await register()
      const { body } = await call(path, { bearer: token })
      await call(path, { bearer: String(body.registration_access_token) })
      return { path, method: 'DELETE', bearer: token }
    },
    rejected('delete', 401, 'invalid_token', { conflict: undefined }),
  ],
  [
    'a registration that awaits approval, read by its client',
    async ({ call, token }) => {
      const { body } = await call('/register', register(await token()))
      return { path: `/register/${body.client_id}`, bearer: String(body.registration_access_token) }
    },
    rejected('read', 403, 'unapproved_client', { client_id: expect.any(String) }),
  ],
  [
    'a registration that is deferred',
    async ({ token }) => register(await token({ sub: owner }), asking),
    ok('register', 202, { deferred: true, consumed: true, owner }),
  ],
  [
    'a poll that is too fast',
    async (fixture) => {
      const { registration_code } = await deferred(fixture)
      return register(undefined, { registration_code })
    },
    rejected('registration.poll', 429, 'too_many_requests'),
  ],
  [
    'a poll after the approval',
    decidedPoll('approve'),
    ok('registration.poll', 201, { client_id: expect.any(String) }),
  ],
  [
    'a poll after a rejection',
    decidedPoll('reject'),
    rejected('registration.poll', 400, 'access_denied'),
  ],
  [
    'a poll that is too late',
    async (fixture) => {
      const { registration_code } = await deferred(fixture)
      await setTimeout(5_100)
      return register(undefined, { registration_code })
    },
    rejected('registration.poll', 400, 'expired_token'),
  ],
  [
    'a poll with a code that nobody has',
    () => register(undefined, { registration_code: 'a-secret-of-mine' }),
    rejected('registration.poll', 400, 'invalid_registration'),
  ],
  [
    'a cancellation',
    async (fixture) => {
      const { registration_code } = await deferred(fixture)
      return register(undefined, { registration_code, cancel_registration: true })
    },
    ok('registration.cancel', 204),
  ],
  [
    'a deferred registration shown',
    async (fixture) => {
      const { code } = await deferred(fixture)
      return byOperator(`/pending-registrations/${code}`)(fixture)
    },
    ok('pending_registration.get', 200, { operator: 'master token' }),
  ],
  [
    'a decision on a deferred registration',
    async (fixture) => {
      const { code } = await deferred(fixture)
      return decision(code, 'reject', fixture.administrator('carol'))
    },
    ok('pending_registration.approval', 200, { operator: 'carol', decision: 'rejected' }),
  ],
  [
    'an issue',
    byOperator('/initial-access-tokens', { method: 'POST', body: { sub: owner } }),
    ok('initial_access_token.create', 200, { owner }),
  ],
  [
    'an issue that is malformed',
    byOperator('/initial-access-tokens', { method: 'POST', body: { lifetime: 'for ever' } }),
    rejected('initial_access_token.create', 400, 'invalid_request'),
  ],
  ['a list of tokens', byOperator('/initial-access-tokens'), ok('initial_access_token.list', 200)],
  [
    'a revocation',
    async (fixture) => {
      const id = initialAccessTokenId(await fixture.token())
      return byOperator(`/initial-access-tokens/${id}`, { method: 'DELETE' })(fixture)
    },
    ok('initial_access_token.revoke', 204, { initial_access_token: expect.any(String) }),
  ],
  [
    'a revocation of a secret',
    (fixture) =>
      byOperator(`/initial-access-tokens/${fixture.client.body.client_secret}`, {
        method: 'DELETE',
      })(fixture),
    rejected('initial_access_token.revoke', 404, 'not_found'),
  ],
  ['a list of clients', byOperator('/clients'), ok('client.list', 200)],
  ['a client shown', ofClient(), ok('client.get', 200, { operator: 'master token' })],
  [
    'a client secret checked that is wrong',
    ofClient({ method: 'POST', body: { client_secret: 'a-secret-of-mine' } }, '/secret-check'),
    ok('client.secret_check', 200, { ...whose, operator: 'master token' }),
  ],
  [
    'a client secret checked with a malformed body',
    ofClient({ method: 'POST', body: { client_secret: ['a-secret-of-mine'] } }, '/secret-check'),
    rejected('client.secret_check', 400, 'invalid_request'),
  ],
  [
    'a client changed',
    ofClient({ method: 'PATCH', body: { note: 'what I noted' } }),
    ok('client.update', 200, { ...whose, changed: 'note' }),
  ],
  [
    'a client disabled and labelled by an administrator',
    (fixture) => ({
      ...ofClient({ method: 'PATCH', body: { disabled: true, label: 'odd' } })(fixture),
      bearer: fixture.administrator('carol'),
    }),
    ok('client.update', 200, {
      ...whose,
      operator: 'carol',
      operator_iss: 'https://administrators.example',
      changed: 'disabled, label',
    }),
  ],
  [
    'a client enabled by an administrator whose token names nobody',
    (fixture) => ({
      ...ofClient({ method: 'PATCH', body: { disabled: false } })(fixture),
      bearer: fixture.administrator(undefined),
    }),
    ok('client.update', 200, {
      operator_iss: 'https://administrators.example',
      changed: 'enabled',
    }),
  ],
  [
    'a client secret renewed by the operator',
    ofClient({ method: 'POST' }, '/client-secret'),
    ok('client.renew_secret', 200, { ...whose, operator: 'master token' }),
  ],
  [
    'a new registration access token',
    ofClient({ method: 'POST' }, '/registration-access-token'),
    ok('registration_access_token.reissue', 200, { ...whose, operator: 'master token' }),
  ],
  [
    'a report of use',
    (fixture) =>
      byOperator('/clients/used', {
        method: 'POST',
        body: { clients: [{ client_id: fixture.client.client_id, used_at: 1_700_000_000 }] },
      })(fixture),
    ok('client.report_use', 200, { uses_recorded: 1, uses_unchanged: 0, uses_unknown: 0 }),
  ],
  [
    'a report of use that is malformed',
    byOperator('/clients/used', { method: 'POST', body: { clients: ['a-secret-of-mine'] } }),
    rejected('client.report_use', 400, 'invalid_request'),
  ],
  [
    'a job that disables the clients of an owner',
    byOperator('/clients/disable', { method: 'POST', body: { owner: 'nobody' } }),
    ok('disable_job.create', 201, {
      disable_job: expect.stringMatching(/^[\da-f]{16}$/),
      clients_disabled: 0,
      operator: 'master token',
    }),
  ],
  [
    'a job that names a secret',
    byOperator('/clients/disable', { method: 'POST', body: { secret: 'a-secret-of-mine' } }),
    rejected('disable_job.create', 400, 'invalid_request'),
  ],
  [
    'a job that is undone',
    async (fixture) => {
      const job = byOperator('/clients/disable', { method: 'POST', body: { owner: 'nobody' } })
      const { path, ...request } = job(fixture)
      const { body } = await fixture.call(path, request)
      const undo = { method: 'POST', body: { action: 'undo' } }
      return byOperator(`/disable-jobs/${body.id}`, undo)(fixture)
    },
    ok('disable_job.update', 200, {
      disable_job: expect.any(String),
      ...{ job_action: 'undo', clients_disabled: 0, clients_enabled: 0 },
    }),
  ],
  [
    'a job that does not exist',
    byOperator('/disable-jobs/a-secret-of-mine'),
    rejected('disable_job.get', 404, 'not_found'),
  ],
  ['a list of jobs', byOperator('/disable-jobs'), ok('disable_job.list', 200)],
  [
    'a decision on a client that was approved',
    ofClient({ method: 'POST', body: { decision: 'reject' } }, '/approval'),
    rejected('client.approval', 409, 'conflict', { ...whose, operator: 'master token' }),
  ],
  ['a client discarded', ofClient({ method: 'DELETE' }), ok('client.delete', 204, whose)],
  ['a client that is gone', ofClient(), rejected('client.get', 404, 'not_found')],
]
