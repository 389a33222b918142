import type { RegisteredClient } from '../client.ts'
import type { RegistrationMethod } from '../registration-source.ts'

/** The label of a client that the operator has not labelled (as in SecureAuth). */
export const defaultLabel = 'DCR'

/** A client in operator responses: never a secret, token or digest. Times are Unix seconds. */
export type AdminView = Omit<
  RegisteredClient,
  | 'secret_digest'
  | 'secret_jwe'
  | 'token_digest'
  | 'token_expires_at'
  | 'rotation_nonce'
  | 'rotation_key'
  | 'write_id'
  | 'registration_method'
> & {
  readonly label: string
  readonly disabled: boolean
  /** How the client was registered; omitted on clients registered before this was stored. */
  readonly admission?: RegistrationMethod
  readonly registration_access_token_expires_at?: number
}

/** Allowlist: a member that is not named here is never returned. */
export function adminView(client: RegisteredClient): AdminView {
  const { client_id, client_id_issued_at, metadata, version, token_expires_at } = client
  const { registration_method: admission } = client
  return Object.assign(
    { client_id, client_id_issued_at, version },
    client.sequence !== undefined && { sequence: client.sequence },
    { label: client.label ?? defaultLabel, disabled: client.disabled_at !== undefined },
    client.disabled_at !== undefined && { disabled_at: client.disabled_at },
    client.note !== undefined && { note: client.note },
    admission !== undefined && { admission },
    client.iss !== undefined && { iss: client.iss },
    client.owner !== undefined && { owner: client.owner },
    client.initial_access_token !== undefined && {
      initial_access_token: client.initial_access_token,
    },
    client.policies !== undefined && { policies: client.policies },
    client.lock !== undefined && { lock: client.lock },
    client.counted !== undefined && { counted: client.counted },
    client.client_secret_expires_at !== undefined && {
      client_secret_expires_at: client.client_secret_expires_at,
    },
    client.rotated_at !== undefined && { rotated_at: client.rotated_at },
    token_expires_at !== undefined && { registration_access_token_expires_at: token_expires_at },
    { metadata },
  )
}
