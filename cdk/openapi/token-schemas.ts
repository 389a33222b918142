import type * as v from 'valibot'
import type {
  InitialAccessTokenResponse,
  issueSchema,
} from '../../lib/operator/issue-initial-access-token.ts'
import type { ListedInitialAccessToken } from '../../lib/operator/list-initial-access-tokens.ts'
import type { Consumption } from '../../lib/tokens/initial-access-token.ts'
import {
  from1To,
  type JsonSchema,
  type Members,
  names,
  page,
  string,
  text,
  unixTime,
} from './json-schema.ts'

const consumptions = ['on_success', 'on_attempt', 'never'] satisfies Consumption[]
const consumed = {
  enum: consumptions,
  description: 'When a use is consumed: by a registration, by any attempt, or never.',
}
const issue = {
  sub: { ...text(255, 'The owner of the clients.'), not: { pattern: '^\\["' } },
  client_id: text(255, 'A registered client that the token is issued to.'),
  scope: {
    type: 'array',
    items: { type: 'string', pattern: '^[!#-\\[\\]-~]+$' },
    minItems: 1,
    maxItems: 50,
    description: 'Scope tokens; by default the registration scope.',
  },
  audience: {
    type: 'array',
    items: text(255, 'The issuer or the registration endpoint.'),
    maxItems: 50,
    description: 'Where the token is accepted; by default here.',
  },
  access_token: {
    type: 'object',
    additionalProperties: false,
    properties: {
      lifetime: from1To(3650 * 86_400, 'Lifetime in seconds.'),
      encoding: { const: 'IDENTIFIER' },
    },
  },
  max_uses: from1To(1_000_000, 'Number of registrations.'),
  consumed,
  policies: {
    type: 'array',
    items: text(255, 'Name of a policy.'),
    maxItems: 50,
    description: 'Policies that apply to the clients.',
  },
} satisfies Members<v.InferInput<typeof issueSchema>>

const issuedToken = {
  id: string('ID by which it is listed and revoked.'),
  access_token: string('The token. No other response has it.'),
  token_type: { const: 'Bearer' },
  expires_in: { type: 'integer', description: 'Lifetime in seconds.' },
  scope: string('Scope tokens, separated by spaces.'),
} satisfies Members<InitialAccessTokenResponse>

const listedToken = {
  id: string('ID of the token.'),
  consumed,
  issued_at: unixTime('Time of issue'),
  expires_at: unixTime('Expiry'),
  scope: string('Scope tokens, separated by spaces.'),
  max_uses: { type: 'integer', description: 'Number of registrations; omitted if never consumed.' },
  uses_left: { type: 'integer', description: 'Registrations left.' },
  sub: string('Owner of the clients.'),
  client_id: string('The client that it was issued to.'),
  audience: names('Where it is accepted.'),
  policies: names('Policies that apply to the clients.'),
  last_used_at: unixTime('Time of the last registration'),
} satisfies Members<ListedInitialAccessToken>

/** What an operator sends and receives about initial access tokens. */
export const operatorTokenSchemas: Readonly<Record<string, JsonSchema>> = {
  InitialAccessTokenRequest: { type: 'object', additionalProperties: false, properties: issue },
  IssuedInitialAccessToken: {
    type: 'object',
    required: Object.keys(issuedToken),
    properties: issuedToken,
  },
  InitialAccessToken: {
    type: 'object',
    description: 'An initial access token without its value.',
    required: ['id', 'consumed', 'issued_at', 'expires_at', 'scope'],
    properties: listedToken,
  },
  InitialAccessTokenPage: page('initial_access_tokens', 'InitialAccessToken'),
}
