import { type Authenticated, authenticateClient, concurrentUpdate } from './authenticate-client.ts'
import { usedAt } from './clean-up/own-use.ts'
import { generateWriteId, type RegisteredClient } from './client.ts'
import { type Credentials, storedClientSecret } from './client-information-response.ts'
import { OAuthError } from './errors.ts'
import type { RegistrationBody } from './jwt/signed-request.ts'
import type { ClientUpdate } from './ports/client-store.ts'
import type { Server } from './server.ts'
import {
  deriveSuccessor,
  type RegistrationAccessToken,
  type Successor,
} from './tokens/registration-access-token.ts'
import { sha256 } from './tokens/token.ts'

/** What takes the place of a registration, and its client secret in plaintext where it is known. */
export type Replacement = Pick<ClientUpdate, 'metadata' | 'secret' | 'policies'> & {
  readonly client_secret?: string | undefined
}

type Request = Pick<RegistrationBody, 'replay'> & {
  readonly client_id: string
  /** Whether the token is replaced by its successor. */
  readonly rotates: boolean
  /** Unix seconds. */
  readonly now: number
}

/** Maximum attempts of an update that conflicts with concurrent updates. */
const maxAttempts = 8

/**
 * Replaces the registration by what `replacement` makes of it. After a concurrent update, it starts
 * again from what that stored. Without a replacement, the client stays as it is.
 */
export async function replaceClient(
  { client_id, rotates, replay, now }: Request,
  presented: RegistrationAccessToken,
  found: Authenticated,
  replacement: (client: RegisteredClient) => Promise<Replacement | undefined>,
  server: Server,
): Promise<{ readonly client: RegisteredClient; readonly credentials: Credentials }> {
  const { clients, annotate } = server
  const write_id = generateWriteId()
  let current = found
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { client, token } = current
    // Computed from the version that is replaced, so that a concurrent removal is not undone.
    const replacing = await replacement(client)
    if (replacing === undefined) return { client, credentials: await credentialsOf(client, token) }
    const { client_secret, ...replaced } = replacing
    // Within the reuse window the previous token is accepted, but does not rotate again.
    const successor =
      rotates && token === presented ? await successorOf(client_id, token, now, server) : undefined
    // Mark the JWT as used after all other checks; otherwise the same request could not be retried.
    if (replay && attempt === 0 && !(await clients.markUsed(replay, write_id)))
      throw new OAuthError('invalid_request', 'the signed request has already been used (jti)')
    const written = await clients.replace(
      client_id,
      { token_digest: sha256(token), now, version: client.version },
      {
        ...replaced,
        successor: successor?.stored,
        used_at: usedAt(client, now, server.settings),
        write_id,
      },
    )
    if (written.outcome === 'written') {
      if (successor) annotate({ rotated: true })
      if (client.stale_at !== undefined) annotate({ revived: true })
      const credentials = await credentialsOf(
        written.client,
        successor?.token ?? token,
        client_secret,
      )
      return { client: written.client, credentials }
    }
    if (written.current !== undefined) annotate({ conflict: true })
    const { ambiguous } = written
    current = await authenticateClient(written.current, presented, now, server, ambiguous)
  }
  throw concurrentUpdate()

  async function credentialsOf(
    client: RegisteredClient,
    registration_access_token: RegistrationAccessToken,
    known?: string,
  ): Promise<Credentials> {
    const client_secret = known ?? (await storedClientSecret(client, server))
    return { client_secret, registration_access_token }
  }
}

const successorOf = (
  client_id: string,
  token: RegistrationAccessToken,
  now: number,
  { settings, keyRing }: Pick<Server, 'settings' | 'keyRing'>,
): Promise<Successor> =>
  deriveSuccessor(client_id, token, settings.registrationAccessToken, keyRing, now)
