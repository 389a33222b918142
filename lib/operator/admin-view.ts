import { type CleanUpTimes, cleanUpTimes } from '../clean-up/due.ts'
import type { RegisteredClient } from '../client.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { Settings } from '../settings/schema.ts'

/** The label of a client that the operator has not labelled (as in SecureAuth). */
export const defaultLabel = 'DCR'

/** A client in operator responses: never a secret, token or digest. Times are Unix seconds. */
export type AdminView = Omit<
  RegisteredClient,
  | 'secret_digest'
  | 'secret_jwe'
  | 'previous_secret_digest'
  | 'previous_secret_jwe'
  | 'previous_secret_expires_at'
  | 'token_digest'
  | 'token_expires_at'
  | 'rotation_nonce'
  | 'rotation_key'
  | 'write_id'
  | 'due_at'
> &
  CleanUpTimes & {
    readonly label: string
    readonly state: ClientState
    readonly disabled: boolean
    /** Set after a renewal of the secret, until it is removed by a later write. */
    readonly previous_client_secret_expires_at?: number
    readonly registration_access_token_expires_at?: number
  }

/**
 * `pending`: registered, and disabled until an operator decides. `stale`: unused for long; one use
 * revives it. A disabled client stays disabled when it is used.
 */
export type ClientState = 'pending' | 'active' | 'disabled' | 'stale'

const stateOf = ({ pending_at, disabled_at, stale_at }: RegisteredClient): ClientState => {
  if (pending_at !== undefined) return 'pending'
  if (disabled_at !== undefined) return 'disabled'
  return stale_at === undefined ? 'active' : 'stale'
}

/** Allowlist: a member that is not named here is never returned. */
export const adminView = (
  client: RegisteredClient,
  { cleanUp }: Pick<Settings, 'cleanUp'>,
): AdminView =>
  omitUndefined({
    client_id: client.client_id,
    client_id_issued_at: client.client_id_issued_at,
    version: client.version,
    sequence: client.sequence,
    label: client.label ?? defaultLabel,
    disabled: client.disabled_at !== undefined,
    disabled_at: client.disabled_at,
    disabled_by_job: client.disabled_by_job,
    stale_at: client.stale_at,
    ...cleanUpTimes(client, cleanUp),
    state: stateOf(client),
    pending_at: client.pending_at,
    decision: client.decision,
    note: client.note,
    last_used_at: client.last_used_at,
    registration_method: client.registration_method,
    iss: client.iss,
    owner: client.owner,
    initial_access_token: client.initial_access_token,
    policies: client.policies,
    lock: client.lock,
    counted: client.counted,
    instances: client.instances,
    client_secret_expires_at: client.client_secret_expires_at,
    previous_client_secret_expires_at: client.previous_secret_expires_at,
    rotated_at: client.rotated_at,
    registration_access_token_expires_at: client.token_expires_at,
    metadata: client.metadata,
  })
