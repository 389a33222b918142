import type { DeferredRegistration } from '../../lib/defer-registration.ts'
import type { PendingRegistrationView } from '../../lib/operator/pending-registration.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { client } from './client-schemas.ts'
import { type JsonSchema, type Members, schemaRef, string, unixTime } from './json-schema.ts'

const deferred = {
  registration_code: string('What the client polls with: a credential. In the first response.'),
  verification_code: string('What the approving operator types. In the first response.'),
  verification_uri: { type: 'string', format: 'uri' },
  verification_uri_complete: { type: 'string', format: 'uri' },
  expires_in: { type: 'integer', description: 'Seconds until both codes expire.' },
  interval: { type: 'integer', description: 'Minimum seconds between two polls.' },
} satisfies Members<DeferredRegistration>

const pending = {
  verification_code: string('The verification code.'),
  requested_at: unixTime('Time of the request'),
  expires_at: unixTime('Time at which both codes expire'),
  registration_method: client.registration_method,
  owner: client.owner,
  iss: client.iss,
  initial_access_token: client.initial_access_token,
  policies: client.policies,
  decision: client.decision,
  metadata: schemaRef('RegisteredMetadata'),
} satisfies Members<PendingRegistrationView>

/** What clients and operators exchange about deferred registrations; nothing if there are none. */
export const deferralSchemas = ({ approval }: Settings): Readonly<Record<string, JsonSchema>> =>
  approval === 'draft'
    ? {
        DeferredRegistration: {
          type: 'object',
          description: 'draft-dellaert-oauth-approval-based-dcr-00 §3.2.2.',
          required: ['expires_in', 'interval'],
          properties: deferred,
        },
        RegistrationPoll: {
          type: 'object',
          description:
            'Asks for the outcome of a deferred registration, or cancels it (draft-dellaert-oauth-approval-based-dcr-00 §3.3.1, §3.4).',
          required: ['registration_code'],
          properties: {
            registration_code: string('The value of the first response.'),
            cancel_registration: { type: 'boolean', description: 'Cancels the registration.' },
          },
        },
        PendingRegistration: {
          type: 'object',
          description: 'A deferred registration as the operator sees it.',
          required: ['verification_code', 'requested_at', 'expires_at', 'metadata'],
          properties: pending,
        },
      }
    : {}
