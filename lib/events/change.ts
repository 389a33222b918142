import type { RegisteredClient } from '../client.ts'
import type { InitialAccessToken } from '../tokens/initial-access-token.ts'

/** An item before and after one write: no `before` on creation, no `after` on deletion. */
type Images<Item> = { readonly before: Item | undefined; readonly after: Item | undefined }

type Write = {
  /** Identifies this write; the same if its event is published again. */
  readonly id: string
  /** Unix seconds. */
  readonly time: number
}

export type ClientChange = Write & Images<RegisteredClient>

export type InitialAccessTokenChange = Write &
  Images<InitialAccessToken> & {
    /** Whether TTL deleted it, as opposed to a revocation. */
    readonly expired: boolean
  }

/** (Ours) one write, with the item's old and new image. Contains digests: never publish it. */
export type Change =
  | ({ readonly entity: 'client' } & ClientChange)
  | ({ readonly entity: 'initial_access_token' } & InitialAccessTokenChange)
