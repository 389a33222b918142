import type * as v from 'valibot'
import type { Decision } from '../../lib/decision.ts'
import type { AdminView, ClientState } from '../../lib/operator/admin-view.ts'
import type { checkSchema, SecretCheckResponse } from '../../lib/operator/check-client-secret.ts'
import type { decisionSchema } from '../../lib/operator/decide-registration.ts'
import type { ReissueResponse } from '../../lib/operator/reissue-registration-access-token.ts'
import {
  maxOverlap,
  type renewalSchema,
  type SecretRenewalResponse,
} from '../../lib/operator/renew-client-secret-admin.ts'
import type { changeSchema } from '../../lib/operator/update-client-admin.ts'
import type { DeletedClientRecord } from '../../lib/ports/client-lifecycle-store.ts'
import {
  maxReportedClients,
  type reportSchema,
  type UseReportResponse,
} from '../../lib/record-use.ts'
import { registrationMethods } from '../../lib/registration-source.ts'
import {
  type JsonSchema,
  type Members,
  names,
  page,
  schemaRef,
  string,
  text,
  unixTime,
} from './json-schema.ts'

const decision = {
  outcome: { enum: ['approved', 'rejected'], description: 'What was decided.' },
  decided_at: unixTime('Time of the decision'),
  operator: string('`master token`, or the `sub` of the operator.'),
  operator_iss: string('Issuer of the access token of the operator.'),
  note: string("The operator's note on the decision."),
} satisfies Members<Decision>

export const client = {
  client_id: string('The client identifier.'),
  client_id_issued_at: unixTime('Time of the registration'),
  version: { type: 'integer', description: 'Counts the writes of the client itself.' },
  sequence: { type: 'integer', description: 'Counts all writes.' },
  label: string('DCR, unless the operator set another.'),
  disabled: { type: 'boolean', description: 'Whether its registration access token is rejected.' },
  disabled_at: unixTime('Time since which it is disabled'),
  disabled_by_job: string(
    'ID of the job that disabled it, until somebody else disables or enables it.',
  ),
  state: {
    enum: ['pending', 'active', 'disabled', 'stale'] satisfies ClientState[],
    description:
      'Pending: awaits approval. Stale: unused for long; an authorization server rejects it until it is used.',
  },
  stale_at: unixTime('Time since which it is stale'),
  stale_after: unixTime('With `cleanUp`: the time after which it becomes stale, unless it is used'),
  deleted_after: unixTime('The time after which it is deleted, unless it is used: it is stale'),
  pending_at: unixTime('Time since which it awaits approval'),
  decision: {
    type: 'object',
    description: 'The decision on its registration, if it awaited approval.',
    required: ['outcome', 'decided_at'],
    properties: decision,
  },
  note: string("The operator's note."),
  last_used_at: unixTime('The first recorded use on the last day on which it was used'),
  registration_method: {
    enum: registrationMethods,
    description: 'How it was registered; omitted on clients registered before this was stored.',
  },
  iss: string('Issuer of the access token that it was registered with.'),
  owner: string('`sub` of the token that it was registered with.'),
  initial_access_token: string('ID of the initial access token that it was registered with.'),
  policies: names('Policies that apply to its updates.'),
  lock: {
    type: 'object',
    description: 'Grant types and scopes that its token locked it to.',
    properties: { grants: names('Grant types.'), scopes: names('Scope tokens.') },
  },
  counted: { const: true, description: "Set if it counts toward its owner's quota." },
  instances: {
    type: 'integer',
    description: 'About how many registrations share this client; only for a shared client.',
  },
  client_secret_expires_at: unixTime('Expiry of the secret, or 0 if it never expires'),
  previous_client_secret_expires_at: unixTime(
    'Expiry of the secret before a renewal, which may have passed',
  ),
  rotated_at: unixTime('Time of the last rotation of its registration access token'),
  registration_access_token_expires_at: unixTime('Expiry of its registration access token'),
  metadata: schemaRef('RegisteredMetadata'),
} satisfies Members<AdminView>

const deleted = {
  client_id: client.client_id,
  client_id_issued_at: client.client_id_issued_at,
  owner: client.owner,
  iss: client.iss,
  last_used_at: client.last_used_at,
  stale_at: client.stale_at,
  deleted_at: unixTime('Time of the deletion'),
} satisfies Members<DeletedClientRecord>

const change = {
  disabled: { type: 'boolean', description: 'Disables or enables the client.' },
  stale: { const: false, description: 'Revives a stale client.' },
  label: { ...text(64, 'A label; null removes it.'), type: ['string', 'null'] },
  note: { ...text(1024, 'A note; null removes it.'), type: ['string', 'null'] },
} satisfies Members<v.InferInput<typeof changeSchema>>

const decisionRequest = {
  decision: { enum: ['approve', 'reject'], description: 'An approved client is enabled.' },
  note: text(1024, 'A note on the decision.'),
  version: {
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The version of the client that the operator saw.',
  },
} satisfies Members<v.InferInput<typeof decisionSchema>>

const reissued = {
  client_id: string('The client identifier.'),
  registration_client_uri: { type: 'string', format: 'uri' },
  registration_access_token: string('The new token; all earlier ones stop working.'),
  registration_access_token_expires_in: {
    type: 'integer',
    description: 'Lifetime in seconds; only with the setting `aliases`.',
  },
} satisfies Members<ReissueResponse>

const renewal = {
  overlap: {
    type: 'integer',
    minimum: 0,
    maximum: maxOverlap,
    description:
      'Seconds for which the previous secret stays valid; by default those of the settings.',
  },
} satisfies Members<v.InferInput<typeof renewalSchema>>

const renewed = {
  client_id: string('The client identifier.'),
  client_secret: string('The secret.'),
  client_secret_expires_at: unixTime('Expiry of the secret, or 0 if it never expires'),
  previous_client_secret_expires_at: unixTime(
    'Expiry of the previous secret; omitted if it is no longer valid',
  ),
} satisfies Members<SecretRenewalResponse>

const check = {
  client_secret: string('The secret that the client presented.'),
} satisfies Members<v.InferInput<typeof checkSchema>>

const checked = {
  valid: {
    type: 'boolean',
    description: 'False for an unknown, disabled or expired client or secret alike.',
  },
} satisfies Members<SecretCheckResponse>

type Report = v.InferInput<typeof reportSchema>

const use = {
  client_id: {
    ...string('The client identifier; an unknown one is ignored.'),
    pattern: '^[\\x21-\\x7E]{1,255}$',
  },
  used_at: unixTime('Time of the use'),
} satisfies Members<Report['clients'][number]>

const report = {
  clients: {
    type: 'array',
    maxItems: maxReportedClients,
    items: {
      type: 'object',
      additionalProperties: false,
      required: Object.keys(use),
      properties: use,
    },
  },
} satisfies Members<Report>

const counted = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description })

const reported = {
  recorded: counted('Clients whose use was recorded.'),
  unchanged: counted('Clients of which a use on that day, or later, was already recorded.'),
  unknown: counted('Clients that do not exist.'),
} satisfies Members<UseReportResponse>

/** What an operator or an authorization server sends and receives about clients. */
export const operatorClientSchemas: Readonly<Record<string, JsonSchema>> = {
  Client: {
    type: 'object',
    description: 'A client as the operator sees it, without secrets and tokens.',
    required: [
      'client_id',
      'client_id_issued_at',
      'version',
      'label',
      'disabled',
      'state',
      'metadata',
    ],
    properties: client,
  },
  ClientPage: { anyOf: [page('clients', 'Client'), page('clients', 'DeletedClient')] },
  DeletedClient: {
    type: 'object',
    description: 'What is left of a client that clean-up deleted.',
    required: ['client_id', 'client_id_issued_at', 'deleted_at'],
    properties: deleted,
  },
  ClientChange: { type: 'object', additionalProperties: false, properties: change },
  RegistrationDecision: {
    type: 'object',
    additionalProperties: false,
    required: ['decision'],
    properties: decisionRequest,
  },
  SecretRenewal: { type: 'object', additionalProperties: false, properties: renewal },
  RenewedSecret: {
    type: 'object',
    required: ['client_id', 'client_secret', 'client_secret_expires_at'],
    properties: renewed,
  },
  SecretCheckRequest: {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(check),
    properties: check,
  },
  SecretCheckResponse: { type: 'object', required: Object.keys(checked), properties: checked },
  UseReport: {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(report),
    properties: report,
  },
  UseReportResponse: { type: 'object', required: Object.keys(reported), properties: reported },
  ReissuedToken: {
    type: 'object',
    required: ['client_id', 'registration_client_uri', 'registration_access_token'],
    properties: reissued,
  },
}
