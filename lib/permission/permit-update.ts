import type { RegisteredClient } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { RegistrationBody } from '../jwt/signed-request.ts'
import { notInUpdates } from '../metadata/members/server-members.ts'
import { dropOmitted } from '../metadata/omitted.ts'
import { hasDigest } from '../tokens/token.ts'
import { retainedEntitlements } from './anonymous-clients.ts'
import { type PermitPorts, type PermittedMetadata, permit } from './permit.ts'

type UpdateRequest = Omit<RegistrationBody, 'replay'> & {
  /** Unix seconds. */
  readonly now: number
}

/** Checks the identity members, then applies the registration rules within the client's lock. */
export function permitUpdate(
  { body, signed = false, statement, now }: UpdateRequest,
  client: RegisteredClient,
  server: PermitPorts,
): Promise<PermittedMetadata> {
  checkIdentityMembers(body, client)
  if (body.trusted === true && client.metadata.trusted !== true)
    throw new OAuthError('insufficient_scope', 'trusted: an update cannot make a client trusted', {
      scope: server.settings.trustedRegistrationScope,
    })
  const { client_id, iss, owner, initial_access_token, policies = [], lock = {} } = client
  const permission = {
    input: {
      operation: 'update',
      registration_method: 'registration_access_token',
      iss,
      owner,
      initial_access_token,
      client_id,
    },
    policies,
    lock,
    allowEmptyGrantTypes: client.metadata.grant_types.length === 0,
    statement,
    registeredStatement: client.metadata.software_statement,
    registeredScope: client.metadata.scope,
    anonymous: signed ? undefined : retainedEntitlements(client, server.settings),
  } as const
  return permit(body, permission, now, server)
}

function checkIdentityMembers(body: JsonObject, client: RegisteredClient): void {
  const reject = (description: string) => new OAuthError('invalid_client_metadata', description)
  for (const member of notInUpdates)
    if (Object.hasOwn(body, member)) throw reject(`${member}: must not be sent in an update`)
  // "The client MUST include its 'client_id' field in the request, and it MUST be the same as its
  // currently issued client identifier."
  if (body.client_id !== client.client_id)
    throw reject('client_id: expected the client_id of this client')
  // "If the client includes the 'client_secret' field in the request, the value of this field MUST
  // match the currently issued client secret."
  const { client_secret: sent } = dropOmitted(body)
  const matches =
    typeof sent === 'string' &&
    client.secret_digest !== undefined &&
    hasDigest(sent, client.secret_digest)
  if (sent !== undefined && !matches)
    throw reject('client_secret: expected the currently issued one, or none')
}
