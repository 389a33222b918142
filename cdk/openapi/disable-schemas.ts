import type * as v from 'valibot'
import type { DisableJobView, ListedDisableJob } from '../../lib/disable-job/job-view.ts'
import type { disableSchema } from '../../lib/operator/disable-clients.ts'
import type { actionSchema } from '../../lib/operator/disable-jobs.ts'
import type { DisableJobState } from '../../lib/ports/disable-job-store.ts'
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

const limit = from1To(
  1000,
  'About how many clients the request examines, or enables, at most; default 500.',
)

const filters = {
  redirect_host: text(
    255,
    'A host of the redirect URIs, exactly, without port. Private-use schemes have none.',
  ),
  software_id: text(16_384, '`software_id` of the metadata.'),
  owner: text(255, '`sub` of the owner.'),
  iss: {
    type: 'string',
    maxLength: 2048,
    description: 'Issuer of `owner`; empty for owners without one.',
  },
  key_thumbprint: {
    type: 'string',
    pattern: '^[A-Za-z0-9_-]{43}$',
    description:
      'RFC 7638 SHA-256 thumbprint of a key of `jwks`, in base64url. It finds no client that has a `jwks_uri`.',
  },
}

const create = {
  ...filters,
  note: text(1024, "The operator's note on the job."),
  dry_run: { type: 'boolean', description: 'Lists what would be disabled, and disables nothing.' },
  limit,
} satisfies Members<v.InferInput<typeof disableSchema>>

const action = {
  action: {
    enum: ['continue', 'cancel', 'undo'],
    description:
      'Does the next slice of the job or its undo; ends a running job; enables what the job disabled.',
  },
  limit,
} satisfies Members<v.InferInput<typeof actionSchema>>

const counted = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description })

const listed = {
  id: string('The ID of the job.'),
  state: {
    enum: ['running', 'done', 'cancelled', 'undoing', 'undone'] satisfies DisableJobState[],
    description: 'A job that is running or undoing waits for `continue`.',
  },
  filter: { type: 'object', properties: filters, description: 'Which clients it disables.' },
  dry_run: { type: 'boolean', description: 'Whether it only lists what it would disable.' },
  note: string("The operator's note on the job."),
  operator: string('`master token`, or the `sub` of the operator.'),
  operator_iss: string('Issuer of the access token of the operator.'),
  created_at: unixTime('Time of the request; clients registered later are not examined'),
  updated_at: unixTime('Time of the last slice'),
  ended_at: unixTime('Time at which it was done, cancelled or undone'),
  expires_at: unixTime('Time until which it can be shown and undone'),
  examined: counted('Clients that were compared with the filter.'),
  matched: counted('Clients that match the filter: the sum of the next four.'),
  disabled: counted('Clients that the job disabled.'),
  already_disabled: counted('Clients that were disabled before, or await approval.'),
  deleted: counted('Clients that were deleted before the job disabled them.'),
  skipped: counted('Clients that a dry run, or a cancelled job, left enabled.'),
  enabled: counted('Clients that the undo enabled.'),
  untouched: counted('Clients that the undo left alone: somebody decided on them since.'),
} satisfies Members<ListedDisableJob>

const required = Object.keys(listed).filter(
  (name) => !['note', 'operator', 'operator_iss', 'ended_at'].includes(name),
)

const clients = names('Clients that the job disabled or enabled, or that a dry run would disable.')

const view = { ...listed, client_ids: clients } satisfies Members<DisableJobView>

/** What an operator sends and receives about jobs that disable many clients. */
export const disableSchemas: Readonly<Record<string, JsonSchema>> = {
  DisableRequest: {
    type: 'object',
    additionalProperties: false,
    oneOf: ['redirect_host', 'software_id', 'owner', 'key_thumbprint'].map((name) => ({
      required: [name],
    })),
    dependentRequired: { iss: ['owner'] },
    properties: create,
  },
  DisableJobAction: {
    type: 'object',
    additionalProperties: false,
    required: ['action'],
    properties: action,
  },
  ListedDisableJob: { type: 'object', required, properties: listed },
  DisableJob: { type: 'object', required: [...required, 'client_ids'], properties: view },
  DisableJobPage: {
    type: 'object',
    required: [...required, 'client_ids'],
    properties: {
      ...view,
      next_cursor: string('The `cursor` of the next page of clients; omitted on the last.'),
    },
  },
  DisableJobs: page('jobs', 'ListedDisableJob'),
}
