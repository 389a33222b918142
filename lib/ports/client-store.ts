import type { RegisteredClient } from '../client.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import type { StoredClientSecret } from '../tokens/client-secret.ts'
import type {
  Rotation,
  StoredRegistrationAccessToken,
} from '../tokens/registration-access-token.ts'
import type { Consumable } from './consumable.ts'

/** What the client must still be for a write to take effect: its token current and unexpired, not disabled. */
export type Condition = { readonly token_digest: Uint8Array; readonly now: number }

/** What an update puts in the place of the client's metadata, secret and, where it rotates, token. */
export type ClientUpdate = {
  readonly metadata: ClientMetadata
  readonly secret: StoredClientSecret | undefined
  readonly successor: (StoredRegistrationAccessToken & Rotation) | undefined
  readonly policies: readonly string[] | undefined
  readonly write_id: Uint8Array
}

/** A write whose condition did not hold, with the client as it stands (undefined where there is none). */
export type ConditionFailed = {
  readonly outcome: 'refused'
  readonly current: RegisteredClient | undefined
}

/** Which client was deleted; its identifier at least, where an earlier attempt of the request deleted it. */
export type DeletedClient = Pick<
  RegisteredClient,
  'client_id' | 'iss' | 'owner' | 'initial_access_token'
>

/** How a creation ended; `spent` where something that it spends could not be, and nothing was. */
export type CreateResult =
  | { readonly outcome: 'created' | 'exists' }
  | { readonly outcome: 'spent'; readonly kind: Consumable['kind'] }

type Written = { readonly outcome: 'written'; readonly client: RegisteredClient }

/**
 * The port through which operations keep clients. Every method is one request to the database; each write takes
 * effect wholly or not at all, and only where its condition holds. Rejects with OAuthError
 * `temporarily_unavailable` where the database cannot answer now.
 */
export type ClientStore = {
  /** RFC 7591 §3: stores a new client and spends, in the same write, all that its registration spends. */
  create(client: RegisteredClient, consumables: readonly Consumable[]): Promise<CreateResult>
  /** The client as it stands, read strongly. */
  find(client_id: string): Promise<RegisteredClient | undefined>
  /** RFC 7592 §2.1: swaps the current token for its successor. */
  rotate(
    client_id: string,
    condition: Condition,
    successor: StoredRegistrationAccessToken & Rotation,
    write_id: Uint8Array,
  ): Promise<Written | ConditionFailed>
  /** RFC 7592 §2.2: replaces what the client owns, where it is still in this version. */
  replace(
    client_id: string,
    condition: Condition & { readonly version: number },
    replacement: ClientUpdate,
  ): Promise<Written | ConditionFailed>
  /** Disables a client while its current token is this one. */
  disable(
    client_id: string,
    condition: Condition,
    write_id: Uint8Array,
  ): Promise<Written | ConditionFailed>
  /** Remembers a JWT as used; false where it was remembered already, by another request. */
  markUsed(
    used: { readonly digest: Uint8Array; readonly remembered_until: number },
    write_id: Uint8Array,
  ): Promise<boolean>
  /** RFC 7592 §2.3; `removed` too where it is gone and an earlier attempt of this very request got no definite answer. */
  delete(
    client_id: string,
    condition: Condition,
  ): Promise<{ readonly outcome: 'removed'; readonly client: DeletedClient } | ConditionFailed>
}
