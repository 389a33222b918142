import { generateWriteId, type RegisteredClient } from './client.ts'
import { OAuthError } from './errors.ts'
import type { Condition } from './ports/client-store.ts'
import { clientLogFields } from './ports/request-log-fields.ts'
import type { Server } from './server.ts'
import { invalidRegistrationAccessToken, matchToken } from './tokens/current-token.ts'
import { carriesMac, type RegistrationAccessToken } from './tokens/registration-access-token.ts'

/** A client and its current registration access token. */
export type Authenticated = {
  readonly client: RegisteredClient
  readonly token: RegistrationAccessToken
}

/** The client was changed by other requests at the same time. */
export const concurrentUpdate = () =>
  new OAuthError('temporarily_unavailable', 'the client is being updated concurrently; retry later')

type Ports = Pick<Server, 'settings' | 'keyRing' | 'clients' | 'annotate' | 'warn'>

/**
 * Authenticates the client by the presented token, and returns it with its current token. A token
 * that is reused after its window disables the client if `onReuse` is `disable`.
 * `ambiguous` says that this request may have rotated the presented token. If another one did, the
 * current token is its successor; otherwise this is unknown, and a rejection could be untrue.
 * Throws OAuthError `invalid_token`, `temporarily_unavailable`, and `unapproved_client` while the
 * client awaits approval.
 */
export async function authenticateClient(
  client: RegisteredClient | undefined,
  presented: RegistrationAccessToken,
  now: number,
  server: Ports,
  ambiguous = false,
): Promise<Authenticated> {
  if (client === undefined) throw ambiguous ? concurrentUpdate() : invalidRegistrationAccessToken()
  const { annotate, settings } = server
  annotate(clientLogFields(client))
  const match = await matchToken(client, presented, now, server)
  if (match.is === 'previous' || match.is === 'reused') annotate({ conflict: true })
  if (match.is === 'pending') throw awaitsApproval()
  if (match.is === 'current' || match.is === 'previous') return { client, token: match.current }
  if (match.is === 'reused' && settings.registrationAccessToken.onReuse === 'disable')
    await disable(client, { token_digest: match.current_digest, now }, server)
  if (match.is === 'invalid' && ambiguous) throw concurrentUpdate()
  throw invalidRegistrationAccessToken()
}

/**
 * Nothing changes between the registration and the decision on it, so that the operator approves
 * what was registered. After a rejection, the token is rejected like that of any disabled client.
 */
export const awaitsApproval = () =>
  new OAuthError('unapproved_client', 'the client awaits the approval of an operator')

/** The token was stolen, and the legitimate holder is unknown (RFC 9700 §4.14.2): block both. */
async function disable(
  { client_id }: RegisteredClient,
  current: Condition,
  { clients, annotate, warn }: Ports,
): Promise<void> {
  const { outcome } = await clients.disable(client_id, current, generateWriteId())
  // A concurrent request disabled or deleted the client, or replaced its token.
  if (outcome === 'rejected') return
  annotate({ disabled: true })
  warn(
    `client ${client_id} disabled: a replaced registration access token was used again`,
    undefined,
  )
}

/**
 * Reads the client before a write if the token has no MAC. Such tokens can be guessed at, and a
 * failed conditional write is billed by item size, several times the cost of a read.
 * Throws OAuthError `invalid_token`.
 */
export async function checkBeforeWrite(
  client_id: string,
  presented: RegistrationAccessToken,
  now: number,
  server: Ports,
): Promise<void> {
  if (carriesMac(presented)) return
  await authenticateClient(await server.clients.find(client_id), presented, now, server)
}
