import {
  type AuthorizedRegistration,
  authorizeRegistration,
  grantLogFields,
} from './authorization/authorize-registration.ts'
import { firstDue } from './clean-up/due.ts'
import { generateWriteId, needsClientSecret, type RegisteredClient } from './client.ts'
import {
  type ClientInformationResponse,
  type Credentials,
  clientInformationResponse,
} from './client-information-response.ts'
import { creationError } from './creation-error.ts'
import type { Decision } from './decision.ts'
import type { IdempotentRequest } from './idempotency-key.ts'
import type { RegistrationBody } from './jwt/signed-request.ts'
import { keepResponse } from './keep-response.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { noEntitlements } from './permission/anonymous-clients.ts'
import { type Permission, type PermittedMetadata, permit } from './permission/permit.ts'
import { limitedHosts } from './policy/limited-hosts.ts'
import type { PolicyResult } from './policy/policy.ts'
import type { Consumable } from './ports/consumable.ts'
import { acceptsApproval } from './registration-mode.ts'
import type { Server } from './server.ts'
import type { Settings } from './settings/schema.ts'
import { isSharedRegistration, registerSharedClient } from './sharing/register-shared-client.ts'
import { storeNewClient } from './store-new-client.ts'
import { issueClientSecret } from './tokens/client-secret.ts'
import { generateRegistrationAccessToken, storedToken } from './tokens/registration-access-token.ts'

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
  const consumer = request.idempotent?.write_id ?? write_id
  return storeClient(request, await permitRegistration(request, consumer, server), write_id, server)
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
 * Authorizes a registration and computes what it registers. `write_id` identifies the use that it
 * consumes on the attempt; without one it consumes nothing.
 */
export async function permitRegistration(
  request: ClientRegistrationRequest,
  write_id: Uint8Array | undefined,
  server: Server,
): Promise<PermittedRegistration> {
  const { bearer, body, now } = request
  const trusted = body.trusted === true
  const grant = await authorizeRegistration({ bearer, trusted, now, write_id }, server)
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

/** Generates the client's identifier, secret and registration access token. */
export async function issueClient(
  { metadata, policyResult }: PermittedMetadata,
  grant: DecidedRegistration,
  { now, write_id }: { now: number; write_id: Uint8Array },
  {
    settings,
    keyRing,
    clientSecretKeyRing,
    generators,
  }: Pick<Server, 'settings' | 'keyRing' | 'clientSecretKeyRing' | 'generators'>,
): Promise<{ client: RegisteredClient; credentials: Credentials }> {
  const { registrationAccessToken } = settings
  const hasSecret = needsClientSecret(metadata)
  const client_id = await generators.clientId(hasSecret)
  const secret = hasSecret
    ? await issueClientSecret(
        client_id,
        settings.clientSecret,
        generators.clientSecret,
        clientSecretKeyRing,
        now,
      )
    : undefined
  const issues = policyResult.issueRegistrationAccessToken ?? registrationAccessToken.issue
  const token = issues ? await generateRegistrationAccessToken(client_id, keyRing) : undefined
  const isPending = needsApproval(grant, settings)
  const client = {
    client_id,
    client_id_issued_at: now,
    metadata,
    ...secret?.stored,
    ...(token && storedToken(token, registrationAccessToken, now)),
    version: 1,
    write_id,
    ...grant.source,
    ...limitsOf(grant, policyResult),
    ...firstDue(grant.source.registration_method, now, settings.cleanUp, isPending),
    ...(grant.decision && { decision: grant.decision }),
    ...(isPending && { disabled_at: now, pending_at: now }),
  }
  return {
    client,
    credentials: { client_secret: secret?.client_secret, registration_access_token: token },
  }
}

/** With `approval`, every registration but the operator's own awaits a decision. */
const needsApproval = (
  { source, decision }: DecidedRegistration,
  { approval }: Pick<Settings, 'approval'>,
): boolean =>
  approval !== 'off' && source.registration_method !== 'operator' && decision === undefined

type DecidedRegistration = AuthorizedRegistration & { readonly decision?: Decision | undefined }

/** What the client's updates are limited to; stored permanently on the client. */
function limitsOf(
  { policies, lock }: AuthorizedRegistration,
  policyResult: PolicyResult,
): Partial<RegisteredClient> {
  const governing = policyResult.policies ?? policies ?? []
  return {
    ...(governing.length > 0 && { policies: governing }),
    ...(Object.keys(lock).length > 0 && { lock }),
    ...(policyResult.quota && { counted: true }),
  }
}

/** Everything that this registration consumes or counts toward a quota. */
export function listConsumables(
  { consumable }: AuthorizedRegistration,
  { metadata, policyResult }: PermittedMetadata,
  replay: RegistrationBody['replay'],
  now: number,
): readonly Consumable[] {
  const signed = replay && ({ kind: 'signed_request', ...replay } as const)
  return [
    consumable,
    signed,
    policyResult.quota,
    ...listQuotas(metadata, policyResult, now - (now % 3600)),
  ].filter((consumable) => consumable !== undefined)
}

/** The quotas of policies that this registration counts toward; `hour` is its start. */
function listQuotas(
  { redirect_uris, software_id }: ClientMetadata,
  { perHour, perHost, perSoftware }: PolicyResult,
  hour: number,
): readonly Consumable[] {
  const hosts = perHost === undefined ? [] : limitedHosts(redirect_uris)
  return [
    ...(perHour === undefined ? [] : [{ kind: 'anonymous_client', hour, max: perHour } as const]),
    ...hosts.map((host) => ({ kind: 'redirect_host', hour, host, max: Number(perHost) }) as const),
    ...(perSoftware === undefined || software_id === undefined
      ? []
      : [{ kind: 'software_client', software_id, max: perSoftware } as const]),
  ]
}
