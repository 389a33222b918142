import { generateWriteId } from './client.ts'
import type { ClientInformationResponse } from './client-information-response.ts'
import { creationError } from './creation-error.ts'
import { baseUrl } from './endpoint-urls.ts'
import { OAuthError } from './errors.ts'
import { keepResponse } from './keep-response.ts'
import { listConsumables } from './list-consumables.ts'
import { omitUndefined } from './omit-undefined.ts'
import {
  type ClientRegistrationRequest,
  type PermittedRegistration,
  permitRegistration,
  registerClient,
  storeClient,
} from './register-client.ts'
import type { Server } from './server.ts'
import { generateRegistrationCodes } from './tokens/registration-code.ts'

/** The response 202 to a deferred registration (draft-dellaert-oauth-approval-based-dcr-00 §3.2.2). */
export type DeferredRegistration = {
  readonly registration_code: string
  readonly verification_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  /** Seconds. */
  readonly expires_in: number
  /** Minimum seconds between polls. */
  readonly interval: number
}

export type RegistrationResponse = ClientInformationResponse | DeferredRegistration

/**
 * Registers a client, or defers its registration until it is approved and polled: with
 * `approval: draft`, if its `registration_mode` includes `approval`, and for nobody else. Otherwise
 * like `registerClient`.
 */
export async function registerOrDefer(
  request: ClientRegistrationRequest,
  server: Server,
): Promise<RegistrationResponse> {
  if (server.settings.approval !== 'draft') return registerClient(request, server)
  const write_id = generateWriteId()
  const permitted = await permitRegistration(request, write_id, server)
  return permitted.isDeferred
    ? defer(request, permitted, write_id, server)
    : storeClient(request, permitted, write_id, server)
}

/** Attempts to generate a verification code that no other registration has. */
const maxAttempts = 3

/**
 * Stores what is to be registered, without any credential of the client. What a registration
 * consumes is consumed now, except the quotas of the owner and of the `software_id`: a registration
 * that is rejected or expires leaves no client. It gets a client of its own, also where equal ones
 * share theirs.
 */
async function defer(
  { replay, idempotent, now }: ClientRegistrationRequest,
  { grant, permitted }: PermittedRegistration,
  write_id: Uint8Array,
  server: Server,
): Promise<DeferredRegistration> {
  const { lifetime, interval } = server.settings.pendingRegistration
  const { metadata, policyResult } = permitted
  const consumables = listConsumables(grant, permitted, replay, now).filter(
    ({ kind }) => kind !== 'owned_client' && kind !== 'software_client',
  )
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { registration_code, verification_code, code_digest } = generateRegistrationCodes()
    const verification_uri = `${baseUrl(server)}/applications#approve`
    const response = {
      registration_code,
      verification_code,
      verification_uri,
      verification_uri_complete: `${verification_uri}?code=${verification_code}`,
      expires_in: lifetime,
      interval,
    }
    const created = await server.pendingRegistrations.create(
      {
        verification_code,
        code_digest,
        requested_at: now,
        expires_at: now + lifetime,
        interval,
        polled_at: now,
        metadata,
        source: omitUndefined(grant.source),
        lock: grant.lock,
        ...omitUndefined({
          policies: policyResult.policies ?? grant.policies,
          max_clients: policyResult.quota?.max,
          max_software_clients: policyResult.perSoftware,
          issues_token: policyResult.issueRegistrationAccessToken,
        }),
        write_id,
      },
      [...(await keepResponse(idempotent, response, now, server)), ...consumables],
    )
    if (created.outcome === 'exists') continue
    if (created.outcome === 'consumed') throw creationError(created, now)
    const consumed = grant.consumable?.kind === 'initial_access_token'
    server.annotate({ deferred: true, ...(consumed && { consumed }) })
    return response
  }
  throw new OAuthError('server_error', 'no unused verification code was generated')
}
