import type { RegisteredClient } from '../client.ts'
import type { InitialAccessToken } from '../tokens/initial-access-token.ts'

/** An item before and after one write: no `before` where it is new, no `after` where it is gone. */
type Images<Item> = { readonly before: Item | undefined; readonly after: Item | undefined }

type Write = {
  /** Names this very write, however often it is told. */
  readonly id: string
  /** Unix seconds. */
  readonly time: number
}

export type ClientChange = Write & Images<RegisteredClient>

export type InitialAccessTokenChange = Write &
  Images<InitialAccessToken> & {
    /** Whether time to live removed it, and nobody revoked it. */
    readonly expired: boolean
  }

/** (Ours) one write of the registry, with the item as it stood and as it stands. It holds digests: never to be published. */
export type Change =
  | ({ readonly entity: 'client' } & ClientChange)
  | ({ readonly entity: 'initial_access_token' } & InitialAccessTokenChange)
