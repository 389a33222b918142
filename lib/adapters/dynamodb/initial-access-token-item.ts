import type { InitialAccessToken } from '../../tokens/initial-access-token.ts'
import type { Item } from './client-item.ts'
import { initialAccessTokenKey, listingEntry, schema } from './table.ts'

const prefix = initialAccessTokenKey('').pk

/** Maps a token to its item. The identifier is stored in the key only. */
export const initialAccessTokenToItem = ({ id, ...token }: InitialAccessToken): Item => ({
  ...initialAccessTokenKey(id),
  schema,
  ...listingEntry('IAT', id, token.issued_at),
  ...token,
})

/**
 * Maps an item to its token. Only this service writes the table, so the item's shape is trusted.
 */
export function initialAccessTokenFromItem(item: Item): InitialAccessToken {
  const { pk, schema, listed, listed_at, ...token } = item
  return { id: String(pk).slice(prefix.length), ...token } as InitialAccessToken
}
