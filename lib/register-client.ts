import {
  type AuthorizedRegistration,
  authorizeRegistration,
  grantLogFields,
} from './authorization/authorize-registration.ts'
import { generateWriteId } from './client.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
} from './client-information-response.ts'
import { creationError } from './creation-error.ts'
import type { IdempotentRequest } from './idempotency-key.ts'
import { issueClient, needsApproval } from './issue-client.ts'
import type { RegistrationBody } from './jwt/signed-request.ts'
import { keepResponse } from './keep-response.ts'
import { listConsumables } from './list-consumables.ts'
import { noEntitlements } from './permission/anonymous-clients.ts'
import { type Permission, type PermittedMetadata, permit } from './permission/permit.ts'
import { acceptsApproval } from './registration-mode.ts'
import type { Server } from './server.ts'
import { isSharedRegistration, registerSharedClient } from './sharing/register-shared-client.ts'
import { storeNewClient } from './store-new-client.ts'

export type ClientRegistrationRequest = RegistrationBody & {
  readonly bearer: string | undefined
  /** Set if the request has an idempotency key. */
  readonly idempotent?: IdempotentRequest
  /** Unix seconds. */
  readonly now: number
}

/**
 * RFC 7591 §3 Client Registration Endpoint. A rejected request stores nothing, and consumes nothing
 * except a token that is consumed on the attempt. Throws the OAuthErrors of authorization, policies
 * and metadata validation, and `temporarily_unavailable` if the database, the keys or a policy is
 * unavailable.
 */
export async function registerClient(
  request: ClientRegistrationRequest,
  server: Server,
): Promise<ClientInformationResponse> {
  const write_id = generateWriteId()
  return storeClient(request, await permitRegistration(request, write_id, server), write_id, server)
}

/** Issues the client of a permitted registration and stores it, or joins a shared client. */
export async function storeClient(
  { signed = false, replay, idempotent, now }: Omit<ClientRegistrationRequest, 'bearer' | 'body'>,
  { grant, permitted }: PermittedRegistration,
  write_id: Uint8Array,
  server: Server,
): Promise<ClientInformationResponse> {
  const consumables = listConsumables(grant, permitted, replay, now)
  const { registration_method } = grant.source
  if (isSharedRegistration(permitted.metadata, { registration_method, signed }, server.settings))
    return registerSharedClient({ permitted, consumables, write_id, now }, server)
  const { client, credentials } = await issueClient(permitted, grant, { now, write_id }, server)

  const response = clientInformationResponse(client, credentials, server, now)
  const kept = await keepResponse(idempotent, response, now, server)
  const all = [...kept, ...consumables]
  const created = await storeNewClient(client, credentials.client_secret, all, server)
  if (created.outcome !== 'created') throw creationError(created, now)
  const consumed = grant.consumable?.kind === 'initial_access_token'
  server.annotate({ client_id: client.client_id, ...(consumed && { consumed }) })
  if (client.pending_at !== undefined) server.annotate({ pending: true })

  return response
}

/** What a registration is authorized by, and what it registers. */
export type PermittedRegistration = {
  readonly grant: AuthorizedRegistration
  readonly permitted: PermittedMetadata
  /** Whether its client is registered only after an approval, by a poll. */
  readonly isDeferred: boolean
}

/**
 * Authorizes a registration and computes what it registers. A token that is consumed on the attempt
 * is consumed by `write_id`, or by that of an idempotent request; without one, nothing is consumed.
 */
export async function permitRegistration(
  request: ClientRegistrationRequest,
  write_id: Uint8Array | undefined,
  server: Server,
): Promise<PermittedRegistration> {
  const { bearer, body, idempotent, now } = request
  const trusted = body.trusted === true
  const consumer = write_id && (idempotent?.write_id ?? write_id)
  const grant = await authorizeRegistration({ bearer, trusted, now, write_id: consumer }, server)
  if (grant.source.registration_method !== 'anonymous') server.annotate(grantLogFields(grant))
  const { registration_mode, ...others } = body
  const isDraft = server.settings.approval === 'draft'
  const metadata = isDraft ? others : body
  const permitted = await permit(metadata, toPermission(grant, request), now, server)
  const isDeferred =
    isDraft && acceptsApproval(registration_mode) && needsApproval(grant, server.settings)
  return { grant, permitted, isDeferred }
}

const toPermission = (
  { source, scope, policies = [], lock }: AuthorizedRegistration,
  { signed, statement }: Pick<RegistrationBody, 'signed' | 'statement'>,
): Permission => ({
  input: { operation: 'register', ...source, scope },
  policies,
  lock,
  allowEmptyGrantTypes: source.registration_method === 'operator',
  statement,
  // A valid signature vouches for the client: the limits for anonymous clients do not apply.
  anonymous: source.registration_method === 'anonymous' && !signed ? noEntitlements : undefined,
})
