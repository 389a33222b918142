import type { RegisteredClient } from './client.ts'
import { clientConfigurationUri } from './endpoint-urls.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import { omitUndefined } from './omit-undefined.ts'
import { aliasedScopes, aliasedTokenLifetime } from './permission/aliases.ts'
import type { Server, ServerConfig } from './server.ts'
import { decryptClientSecret } from './tokens/client-secret.ts'
import type { RegistrationAccessToken } from './tokens/registration-access-token.ts'

/** The credentials that the response contains in plaintext. */
export type Credentials = {
  readonly client_secret: string | undefined
  readonly registration_access_token: RegistrationAccessToken | undefined
}

/**
 * RFC 7591 §3.2.1 Client Information Response, RFC 7592 §3.
 * Times are Unix seconds; `…_expires_in` is in seconds.
 */
export type ClientInformationResponse = ClientMetadata & {
  readonly client_id: string
  readonly client_id_issued_at: number
  readonly client_secret?: string
  readonly client_secret_expires_at?: number
  readonly registration_client_uri?: string
  readonly registration_access_token?: RegistrationAccessToken
  /** With settings.aliases: in seconds; omitted if the token never expires. */
  readonly registration_access_token_expires_in?: number
  /** With settings.aliases: `scope` as a list. */
  readonly scopes?: readonly string[]
}

/** Maps the registered client and the given credentials to the response. */
export function clientInformationResponse(
  client: RegisteredClient,
  { client_secret, registration_access_token }: Credentials,
  config: ServerConfig,
  now: number,
): ClientInformationResponse {
  const { client_id, client_id_issued_at, client_secret_expires_at, token_expires_at } = client
  return {
    client_id,
    client_id_issued_at,
    ...omitUndefined({ client_secret, client_secret_expires_at }),
    ...(registration_access_token !== undefined && {
      registration_client_uri: clientConfigurationUri(client_id, config),
      registration_access_token,
      ...aliasedTokenLifetime(token_expires_at, now, config.settings),
    }),
    ...client.metadata,
    ...aliasedScopes(client.metadata.scope, config.settings),
  }
}

/**
 * The stored secret in plaintext. Undefined if there is none, if only its digest is stored, or if
 * its key is unavailable: a response that carries a rotated token must not fail because the secret
 * cannot be decrypted.
 */
export async function storedClientSecret(
  { client_id, secret_jwe }: RegisteredClient,
  server: Pick<Server, 'clientSecretKeyRing' | 'keyRing' | 'warn'>,
): Promise<string | undefined> {
  if (secret_jwe === undefined) return undefined
  try {
    return await decryptClientSecret(client_id, secret_jwe, server)
  } catch (cause) {
    server.warn(`the client secret of ${client_id} cannot be decrypted`, cause)
    return undefined
  }
}
