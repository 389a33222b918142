import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../lib/json.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import { initialAccessToken, ordinary } from '../support/clients.ts'
import { masterToken, staticInitialAccessToken } from '../support/compose.ts'
import { signer } from '../support/signer.ts'
import type { ServiceRequest } from './instance.ts'
import type { Operation, Prepared } from './operation.ts'

const issuer = signer()

const register = (bearer: string | undefined, body: object | string = ordinary) =>
  ({ method: 'POST', path: '/register', bearer, body }) satisfies ServiceRequest

const created = { success: 201, repeated: 201 }
/** The token is consumed: the developer asks the operator. */
const createdOnce = { success: 201, repeated: 401 }

const byInitialAccessToken =
  (token: JsonObject, body: object = ordinary): Operation['prepare'] =>
  async (server) => {
    const bearer = await initialAccessToken(server, token)
    const another = await initialAccessToken(server, token)
    const initial_access_token = initialAccessTokenId(bearer) ?? ''
    return {
      request: register(bearer, body),
      renewed: register(another, body),
      findBy: { initial_access_token },
    }
  }

const always =
  (prepared: () => Prepared): Operation['prepare'] =>
  async () =>
    prepared()

const trusting = (singleUse: boolean): SettingsInput => ({
  accessTokenIssuers: [
    {
      issuer: issuer.issuer,
      jwks: issuer.jwks,
      audience: ['https://as.example/register'],
      singleUse,
    },
  ],
})

export const signingIssuer: SettingsInput = {
  signedRequest: { issuers: [{ issuer: issuer.issuer, jwks: issuer.jwks }] },
}

/** A signed body with a `jti` of its own. */
export const signed = (claims: object = {}) =>
  issuer.sign({ aud: 'https://as.example', jti: randomUUID(), ...ordinary, ...claims })

const perOwner: SettingsInput = {
  policies: ['maximum-clients-per-owner'],
  policySettings: { 'maximum-clients-per-owner': { max: 5 } },
}

const perHour: SettingsInput = {
  registration: 'dynamic',
  policies: ['maximum-anonymous-clients'],
  policySettings: { 'maximum-anonymous-clients': { perHour: 5 } },
}

const everyQuota: SettingsInput = {
  registration: 'dynamic',
  policies: ['maximum-anonymous-clients', 'maximum-clients-per-software'],
  policySettings: {
    'maximum-anonymous-clients': { perHour: 5, perHost: 4 },
    'maximum-clients-per-software': { max: 3 },
  },
}

/** What the attempt changes by itself. */
const consumption = ['IAT last_used_at', 'IAT uses_left -1', 'IAT write_id']

const publicClient = { ...ordinary, token_endpoint_auth_method: 'none' }
const keyedClient = { ...ordinary, token_endpoint_auth_method: 'client_secret_jwt' }

const withoutKey: readonly Operation[] = [
  {
    name: 'register, without a token',
    settings: { registration: 'dynamic' },
    ...created,
    prepare: always(() => ({ request: register(undefined) })),
  },
  {
    name: 'register, shared client',
    settings: { registration: 'dynamic', sharing: 'public' },
    ...created,
    prepare: always(() => ({ request: register(undefined, publicClient) })),
  },
  {
    name: 'register, shared client, hourly limit',
    settings: { ...perHour, sharing: 'public' },
    ...created,
    prepare: always(() => ({ request: register(undefined, publicClient) })),
  },
  {
    name: 'register, without a token, hourly limit',
    settings: perHour,
    ...created,
    prepare: always(() => ({ request: register(undefined) })),
  },
  {
    name: 'register, without a token, host and software quota',
    settings: everyQuota,
    ...created,
    prepare: always(() => ({
      request: register(undefined, { ...ordinary, software_id: 'notes' }),
    })),
  },
  {
    name: 'register, without a token, awaits approval',
    settings: { registration: 'dynamic', approval: 'disabled_until_approved' },
    ...created,
    prepare: always(() => ({ request: register(undefined) })),
  },
  {
    name: 'register, token on_success',
    ...createdOnce,
    prepare: byInitialAccessToken({ consumed: 'on_success' }),
  },
  {
    name: 'register, token on_success, public client',
    ...createdOnce,
    prepare: byInitialAccessToken({ consumed: 'on_success' }, publicClient),
  },
  {
    name: 'register, token on_success, secret as a key',
    ...createdOnce,
    prepare: byInitialAccessToken({ consumed: 'on_success' }, keyedClient),
  },
  {
    name: 'register, token on_success, several uses',
    ...created,
    prepare: byInitialAccessToken({ consumed: 'on_success', max_uses: 5 }),
  },
  {
    name: 'register, token on_success, owner quota',
    settings: perOwner,
    ...createdOnce,
    prepare: byInitialAccessToken({ consumed: 'on_success', sub: 'alice' }),
  },
  {
    name: 'register, token on_attempt',
    ...createdOnce,
    part: { changes: consumption, repeated: 401 },
    prepare: byInitialAccessToken({ consumed: 'on_attempt' }),
  },
  {
    name: 'register, token on_attempt, several uses',
    ...created,
    part: { changes: consumption, repeated: 201 },
    prepare: byInitialAccessToken({ consumed: 'on_attempt', max_uses: 5 }),
  },
  {
    name: 'register, token never consumed',
    ...created,
    prepare: byInitialAccessToken({ consumed: 'never' }),
  },
  {
    name: 'register, token never consumed, owner quota',
    settings: perOwner,
    ...created,
    prepare: byInitialAccessToken({ consumed: 'never', sub: 'alice' }),
  },
  {
    name: 'register, static initial access token',
    settings: { initialAccessToken: { static: true } },
    ...created,
    prepare: always(() => ({ request: register(staticInitialAccessToken) })),
  },
  {
    name: 'register, master token',
    ...created,
    prepare: always(() => ({ request: register(masterToken) })),
  },
  {
    name: 'register, reusable access token',
    settings: trusting(false),
    ...created,
    prepare: always(() => ({ request: register(issuer.accessToken()) })),
  },
  {
    name: 'register, single-use access token',
    settings: trusting(true),
    ...createdOnce,
    prepare: always(() => ({
      request: register(issuer.accessToken()),
      findBy: { owner: 'alice' },
    })),
  },
  {
    name: 'register, single-use access token, owner quota',
    settings: { ...trusting(true), ...perOwner },
    ...createdOnce,
    prepare: always(() => ({
      request: register(issuer.accessToken()),
      findBy: { owner: 'alice' },
    })),
  },
  {
    name: 'register, signed body, token on_success',
    settings: signingIssuer,
    ...createdOnce,
    prepare: (server) => byInitialAccessToken({ consumed: 'on_success' }, {})(server).then(sign),
  },
  {
    name: 'register, signed body, master token',
    settings: signingIssuer,
    success: 201,
    // The body is used up (`jti`): the developer signs it again.
    repeated: 400,
    prepare: always(() => ({ request: register(masterToken, signed()) })),
  },
]

/** The same registrations with an idempotency key: a repetition gets the response that was lost. */
const idempotent = ({ name, prepare, part, ...operation }: Operation): Operation => ({
  ...operation,
  name: `${name}, idempotency key`,
  repeated: operation.success,
  idempotent: true,
  ...(part && { part: { ...part, repeated: operation.success } }),
  async prepare(server) {
    const { request } = await prepare(server)
    return { request: { ...request, idempotencyKey: `"${randomUUID()}"` } }
  },
})

/** One of each kind of bearer, and of what a registration consumes. */
const repeatable = [
  'register, without a token',
  'register, without a token, hourly limit',
  'register, token on_success, owner quota',
  'register, token on_attempt',
  'register, token on_attempt, several uses',
  'register, token never consumed',
  'register, master token',
  'register, single-use access token',
  'register, signed body, token on_success',
]

export const registrations: readonly Operation[] = [
  ...withoutKey,
  ...withoutKey.filter(({ name }) => repeatable.includes(name)).map(idempotent),
]

const sign = ({ request, renewed, ...prepared }: Prepared): Prepared => ({
  ...prepared,
  request: { ...request, body: signed() },
  ...(renewed && { renewed: { ...renewed, body: signed() } }),
})
