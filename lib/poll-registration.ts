import { generateWriteId } from './client.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
} from './client-information-response.ts'
import { creationError } from './creation-error.ts'
import { invalidRegistration, OAuthError } from './errors.ts'
import { issueClient } from './issue-client.ts'
import { listConsumables } from './list-consumables.ts'
import type { PendingRegistration } from './ports/pending-registration-store.ts'
import { sourceLogFields } from './ports/request-log-fields.ts'
import type { Server } from './server.ts'
import { storeNewClient } from './store-new-client.ts'
import { verificationCodeOf } from './tokens/registration-code.ts'
import { hasDigest } from './tokens/token.ts'

export type RegistrationPoll = {
  /** What the client presents; not validated. */
  readonly registration_code: unknown
  /** Unix seconds. */
  readonly now: number
}

/** The response 202 while nobody has decided. Both members are in seconds. */
export type StillPending = { readonly expires_in: number; readonly interval: number }

/**
 * draft-dellaert-oauth-approval-based-dcr-00 §3.3: says whether a deferred registration is decided
 * on. The first poll after the approval registers the client, and consumes the code in the same
 * transaction.
 * Throws OAuthError `invalid_registration`, `expired_token`, `access_denied`, `too_many_requests`,
 * and `quota_exhausted`.
 */
export async function pollRegistration(
  { registration_code, now }: RegistrationPoll,
  server: Server,
): Promise<ClientInformationResponse | StillPending> {
  const registration = await authenticate(registration_code, server)
  const { expires_at, interval, polled_at, decision } = registration
  if (expires_at <= now) throw new OAuthError('expired_token', 'the registration code has expired')
  if (decision?.outcome === 'rejected')
    throw new OAuthError('access_denied', 'the operator rejected the registration')
  if (decision !== undefined) return complete(registration, now, server)
  const isTooFast = now < polled_at + interval
  // Of several polls at once one is answered.
  if (isTooFast || !(await server.pendingRegistrations.poll(registration, now)))
    throw new OAuthError('too_many_requests', 'the client polls too fast', {
      retryAfterSeconds: interval,
    })
  return { expires_in: expires_at - now, interval }
}

/** §3.4: discards a deferred registration. Throws OAuthError `invalid_registration`. */
export async function cancelRegistration(
  { registration_code, now }: RegistrationPoll,
  server: Server,
): Promise<void> {
  const registration = await authenticate(registration_code, server)
  if (!(await server.pendingRegistrations.cancel(registration, now))) throw invalidRegistration()
}

/**
 * Finds the registration of this code. A guess costs one read at most, and an unknown code and a
 * wrong one are one error.
 */
async function authenticate(code: unknown, server: Server): Promise<PendingRegistration> {
  const verification_code = typeof code === 'string' ? verificationCodeOf(code) : undefined
  if (typeof code !== 'string' || verification_code === undefined) throw invalidRegistration()
  const registration = await server.pendingRegistrations.find(verification_code)
  if (registration === undefined || !hasDigest(code, registration.code_digest))
    throw invalidRegistration()
  server.annotate(sourceLogFields(registration.source))
  return registration
}

/** Registers what was approved. Of several polls at once one gets the client. */
async function complete(
  registration: PendingRegistration,
  now: number,
  server: Server,
): Promise<ClientInformationResponse> {
  const { verification_code, code_digest, metadata, source, policies, lock } = registration
  const { max_clients, max_software_clients, issues_token, decision } = registration
  const { owner, iss } = source
  const policyResult = {
    metadata,
    policies,
    issueRegistrationAccessToken: issues_token,
    quota:
      owner === undefined || max_clients === undefined
        ? undefined
        : ({ kind: 'owned_client', owner, iss, max: max_clients } as const),
    perHour: undefined,
    perHost: undefined,
    perSoftware: max_software_clients,
  }
  const consumable = { kind: 'pending_registration', verification_code, code_digest } as const
  const grant = { source, lock, consumable, decision }
  const permitted = { metadata, policyResult }
  const write_id = generateWriteId()
  const { client, credentials } = await issueClient(permitted, grant, { now, write_id }, server)
  const consumables = listConsumables(grant, permitted, undefined, now)
  const created = await storeNewClient(client, credentials.client_secret, consumables, server)
  if (created.outcome !== 'created') throw creationError(created, now)
  server.annotate({ client_id: client.client_id })
  return clientInformationResponse(client, credentials, server, now)
}
