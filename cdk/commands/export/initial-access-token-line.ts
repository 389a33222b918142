import * as v from 'valibot'
import type { Item } from '../../../lib/adapters/dynamodb/client-item.ts'
import { initialAccessTokenFromItem } from '../../../lib/adapters/dynamodb/initial-access-token-item.ts'
import type { JsonObject } from '../../../lib/json.ts'
import { omitUndefined } from '../../../lib/omit-undefined.ts'
import { members } from '../../../lib/operator/parse-request.ts'
import {
  type InitialAccessToken,
  isInitialAccessTokenId,
} from '../../../lib/tokens/initial-access-token.ts'
import { bytes, count, encodeBytes, format, text, texts, time } from './line-values.ts'

/** tsc demands an entry for each member that a stored token gains. */
const plain = {
  id: v.pipe(v.string(), v.check(isInitialAccessTokenId, 'expected an id of a token')),
  issued_at: time,
  expires_at: time,
  max_uses: v.exactOptional(count),
  uses_left: v.exactOptional(count),
  scope: text,
  sub: v.exactOptional(text),
  client_id: v.exactOptional(text),
  audience: v.exactOptional(texts),
  policies: v.exactOptional(texts),
  last_used_at: v.exactOptional(time),
} satisfies Record<Exclude<keyof InitialAccessToken, 'token_digest'>, v.ObjectEntries[string]>

/** A line of an export: an initial access token. Its digest is there only with `--secrets`. */
export const initialAccessTokenLineSchema = members({
  format: v.literal(format, `expected ${format}`),
  type: v.literal('initial_access_token'),
  ...plain,
  token_digest: v.exactOptional(bytes(32)),
})

/** Maps an item of the table to its line. */
export function toInitialAccessTokenLine(item: Item, withSecrets: boolean): JsonObject {
  const token = initialAccessTokenFromItem(item)
  const names = Object.keys(plain) as (keyof typeof plain)[]
  const kept = Object.fromEntries(names.map((name) => [name, token[name]]))
  const token_digest = withSecrets ? encodeBytes(token.token_digest) : undefined
  return omitUndefined({ format, type: 'initial_access_token', ...kept, token_digest })
}
