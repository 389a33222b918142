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
import { type IdempotentRequest, idempotencyLifetimeSeconds } from './idempotency-key.ts'
import type { JsonObject } from './json.ts'
import type { SignedRequest } from './jwt/signed-request.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { noEntitlements } from './permission/anonymous-clients.ts'
import { type Permission, type PermittedMetadata, permit } from './permission/permit.ts'
import type { PolicyResult } from './policy/policy.ts'
import { redirectHosts } from './policy/redirect-hosts.ts'
import type { Consumable } from './ports/consumable.ts'
import type { Server } from './server.ts'
import type { Settings } from './settings/schema.ts'
import { isSharedRegistration, registerSharedClient } from './sharing/register-shared-client.ts'
import { issueClientSecret } from './tokens/client-secret.ts'
import { generateRegistrationAccessToken, storedToken } from './tokens/registration-access-token.ts'
import { encryptResponse } from './tokens/response-jwe.ts'

export type ClientRegistrationRequest = {
  readonly bearer: string | undefined
  readonly body: JsonObject
  /** Whether a configured issuer signed the body as a whole. */
  readonly signed?: boolean
  /** Replay key and expiry of a signed body. */
  readonly replay?: SignedRequest['replay']
  /** The software statement whose keys verified a signed body. */
  readonly statement?: SignedRequest['statement']
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
  const { signed = false, replay, idempotent, now } = request
  const write_id = generateWriteId()
  const consumer = idempotent?.write_id ?? write_id
  const { grant, permitted } = await permitRegistration(request, consumer, server)
  const consumables = listConsumables(grant, permitted, replay, now)
  const { registration_method } = grant.source
  if (isSharedRegistration(permitted.metadata, { registration_method, signed }, server.settings))
    return registerSharedClient({ permitted, consumables, write_id, now }, server)
  const { client, credentials } = await issueClient(permitted, grant, { now, write_id }, server)

  const response = clientInformationResponse(client, credentials, server, now)
  // The idempotency key comes first: an equal request consumed the rest, too.
  const created = await server.clients.create(client, [
    ...(idempotent ? [await keepResponse(idempotent, response, now, server)] : []),
    ...consumables,
  ])
  if (created.outcome !== 'created') throw creationError(created, now)
  const consumed = grant.consumable?.kind === 'initial_access_token'
  server.annotate({ client_id: client.client_id, ...(consumed && { consumed }) })
  if (client.pending_at !== undefined) server.annotate({ pending: true })

  return response
}

/** Keeps the response, encrypted, for the requests that repeat this one. */
async function keepResponse(
  idempotent: IdempotentRequest,
  response: ClientInformationResponse,
  now: number,
  { clientSecretKeyRing }: Pick<Server, 'clientSecretKeyRing'>,
): Promise<Consumable> {
  return {
    kind: 'idempotency_key',
    id: idempotent.id,
    request_digest: idempotent.request_digest,
    response_jwe: await encryptResponse(idempotent, response, clientSecretKeyRing),
    expires_at: now + idempotencyLifetimeSeconds,
  }
}

/**
 * Authorizes a registration and computes what it registers. `write_id` identifies the use that it
 * consumes on the attempt; without one it consumes nothing.
 */
export async function permitRegistration(
  { bearer, body, signed = false, statement, now }: ClientRegistrationRequest,
  write_id: Uint8Array | undefined,
  server: Server,
): Promise<{ readonly grant: AuthorizedRegistration; readonly permitted: PermittedMetadata }> {
  const trusted = body.trusted === true
  const grant = await authorizeRegistration({ bearer, trusted, now, write_id }, server)
  if (grant.source.registration_method !== 'anonymous') server.annotate(grantLogFields(grant))
  const permitted = await permit(body, toPermission(grant, { signed, statement }), now, server)
  return { grant, permitted }
}

const toPermission = (
  { source, scope, policies = [], lock }: AuthorizedRegistration,
  { signed, statement }: Pick<ClientRegistrationRequest, 'signed' | 'statement'>,
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
async function issueClient(
  { metadata, policyResult }: PermittedMetadata,
  grant: AuthorizedRegistration,
  { now, write_id }: { now: number; write_id: Uint8Array },
  {
    settings,
    keyRing,
    clientSecretKeyRing,
    generators,
  }: Pick<Server, 'settings' | 'keyRing' | 'clientSecretKeyRing' | 'generators'>,
): Promise<{ client: RegisteredClient; credentials: Credentials }> {
  const { registrationAccessToken } = settings
  const client_id = await generators.clientId()
  const secret = needsClientSecret(metadata)
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
    ...firstDue(grant.source.registration_method, now, settings.cleanUp),
    ...(needsApproval(grant, settings) && { disabled_at: now, pending_at: now }),
  }
  return {
    client,
    credentials: { client_secret: secret?.client_secret, registration_access_token: token },
  }
}

/** With `approval`, every registration but the operator's own awaits a decision. */
const needsApproval = (
  { source }: AuthorizedRegistration,
  { approval }: Pick<Settings, 'approval'>,
): boolean => approval !== 'off' && source.registration_method !== 'operator'

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
function listConsumables(
  { consumable }: AuthorizedRegistration,
  { metadata, policyResult }: PermittedMetadata,
  replay: SignedRequest['replay'],
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
  const hosts = perHost === undefined ? [] : redirectHosts(redirect_uris)
  return [
    ...(perHour === undefined ? [] : [{ kind: 'anonymous_client', hour, max: perHour } as const]),
    ...hosts.map((host) => ({ kind: 'redirect_host', hour, host, max: Number(perHost) }) as const),
    ...(perSoftware === undefined || software_id === undefined
      ? []
      : [{ kind: 'software_client', software_id, max: perSoftware } as const]),
  ]
}
