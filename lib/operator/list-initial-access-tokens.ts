import { omitUndefined } from '../omit-undefined.ts'
import type { Server } from '../server.ts'
import {
  type Consumption,
  type InitialAccessToken,
  parseConsumption,
} from '../tokens/initial-access-token.ts'
import { decodeCursor, nextCursor, parseLimit, takeFitting, toPosition } from './pagination.ts'
import { requireOperator } from './require-operator.ts'

export type InitialAccessTokenListRequest = {
  readonly bearer: string | undefined
  /** Unix seconds. */
  readonly now: number
  /** Page size, 1 to 100, in decimal; default 50. */
  readonly limit: string | undefined
  /** `next_cursor` of the previous page. */
  readonly cursor: string | undefined
}

/** A token in operator responses: never its value or digest. Times are Unix seconds. */
export type ListedInitialAccessToken = Omit<InitialAccessToken, 'token_digest'> & {
  readonly consumed: Consumption
}

export type InitialAccessTokenListResponse = {
  readonly initial_access_tokens: readonly ListedInitialAccessToken[]
  /** Omitted on the last page. */
  readonly next_cursor?: string
}

/**
 * Lists initial access tokens for the operator, newest first; eventually consistent. A page may
 * contain fewer tokens than `limit` if they are large.
 * Throws OAuthError `missing_token`, `invalid_token`, `invalid_request`.
 */
export async function listInitialAccessTokens(
  { bearer, now, limit, cursor }: InitialAccessTokenListRequest,
  server: Server,
): Promise<InitialAccessTokenListResponse> {
  const [size, position] = await requireOperator(
    bearer,
    now,
    server,
    () => [parseLimit(limit), decodeCursor(cursor)] as const,
  )
  const { tokens, next } = await server.initialAccessTokens.list(size, position)
  const initial_access_tokens = takeFitting(tokens.map(listed))
  const last = initial_access_tokens.length < tokens.length && initial_access_tokens.at(-1)
  const end = last ? toPosition(last.issued_at, last.id) : next
  return { initial_access_tokens, ...nextCursor(end) }
}

/** Allowlist: a member that is not named here is never returned. */
const listed = (token: InitialAccessToken): ListedInitialAccessToken =>
  omitUndefined({
    id: token.id,
    consumed: parseConsumption(token.id),
    issued_at: token.issued_at,
    expires_at: token.expires_at,
    scope: token.scope,
    max_uses: token.max_uses,
    uses_left: token.uses_left,
    sub: token.sub,
    client_id: token.client_id,
    audience: token.audience,
    policies: token.policies,
    last_used_at: token.last_used_at,
  })
