import type { RegisteredClient } from '../client.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import type { PreviousClientSecret, StoredClientSecret } from '../tokens/client-secret.ts'
import type {
  Rotation,
  StoredRegistrationAccessToken,
} from '../tokens/registration-access-token.ts'
import type { Consumable, StoredResponse } from './consumable.ts'

/** Write condition: the token is current and unexpired, and the client is not disabled. */
export type Condition = { readonly token_digest: Uint8Array; readonly now: number }

/** The secret of a client and, until it expires, the one before its renewal. */
export type ClientSecrets = StoredClientSecret & Partial<PreviousClientSecret>

/** The new metadata and secret of an update and, if it rotates, the new token. */
export type ClientUpdate = {
  readonly metadata: ClientMetadata
  readonly secret: ClientSecrets | undefined
  readonly successor: (StoredRegistrationAccessToken & Rotation) | undefined
  readonly policies: readonly string[] | undefined
  /** Unix seconds: records a use and revives a stale client, in the same write. */
  readonly used_at?: number | undefined
  readonly write_id: Uint8Array
}

/** The write condition failed. `current` is the stored client, or undefined if there is none. */
export type ConditionFailed = {
  readonly outcome: 'rejected'
  readonly current: RegisteredClient | undefined
  /** Whether an earlier attempt of the same write may have taken effect before another write. */
  readonly ambiguous: boolean
}

/** The deleted client; only its `client_id` if an earlier attempt of the request deleted it. */
export type DeletedClient = Pick<
  RegisteredClient,
  'client_id' | 'iss' | 'owner' | 'initial_access_token'
>

/** Result of a create; `consumed` if a consumable could not be consumed, and nothing was written. */
export type CreateResult =
  | { readonly outcome: 'created' }
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'consumed'; readonly kind: Consumable['kind'] }

type Written = { readonly outcome: 'written'; readonly client: RegisteredClient }

/**
 * Port for storing clients. Every method is one request to the database; each write is atomic and
 * conditional. Rejects with OAuthError `temporarily_unavailable` if the database is unavailable.
 */
export type ClientStore = {
  /** RFC 7591 §3: stores a new client and consumes its consumables in the same transaction. */
  create(client: RegisteredClient, consumables: readonly Consumable[]): Promise<CreateResult>
  /** Strongly consistent read. */
  find(client_id: string): Promise<RegisteredClient | undefined>
  /**
   * The response to a registration with this bearer and idempotency key, also an expired one that is
   * not deleted yet. Strongly consistent read.
   */
  findResponse(id: string): Promise<StoredResponse | undefined>
  /** RFC 7592 §2.1: replaces the current token with its successor; `used_at` as in an update. */
  rotate(
    client_id: string,
    condition: Condition,
    successor: StoredRegistrationAccessToken & Rotation & { readonly used_at?: number },
    write_id: Uint8Array,
  ): Promise<Written | ConditionFailed>
  /** RFC 7592 §2.2: replaces the client's registration if its version is unchanged. */
  replace(
    client_id: string,
    condition: Condition & { readonly version: number },
    replacement: ClientUpdate,
  ): Promise<Written | ConditionFailed>
  /** Replaces the secrets of a client if its version is unchanged, and counts the version up. */
  renewSecret(
    client_id: string,
    version: number,
    secrets: ClientSecrets,
    write_id: Uint8Array,
  ): Promise<Written | ConditionFailed>
  /** Disables a client if this is still its current token. */
  disable(
    client_id: string,
    condition: Condition,
    write_id: Uint8Array,
  ): Promise<Written | ConditionFailed>
  /** Adds instances to a shared client; does nothing if there is none. */
  countInstances(client_id: string, instances: number): Promise<void>
  /** Marks a JWT as used; false if another request already used it. */
  markUsed(
    used: { readonly digest: Uint8Array; readonly remembered_until: number },
    write_id: Uint8Array,
  ): Promise<boolean>
  /**
   * RFC 7592 §2.3. Also returns `removed` if the client no longer exists and an earlier attempt of
   * this request had an ambiguous result.
   */
  delete(
    client_id: string,
    condition: Condition,
  ): Promise<{ readonly outcome: 'removed'; readonly client: DeletedClient } | ConditionFailed>
}
