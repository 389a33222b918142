import type { Spending } from '../client-store.ts'
import { OAuthError } from '../errors.ts'
import type { Server } from '../server.ts'
import {
  consumptionOf,
  type InitialAccessToken,
  initialAccessTokenId,
} from '../tokens/initial-access-token.ts'
import { digestOf, sameBytes } from '../tokens/token.ts'
import { hasScope } from './scope.ts'

/** By what right a registration is made. */
export type Admission =
  | { readonly by: 'anonymous' | 'operator' | 'static_initial_access_token' }
  | {
      readonly by: 'initial_access_token'
      readonly token: InitialAccessToken
      /** Where the token is still to be spent, in the write that creates the client. */
      readonly spending: Spending | undefined
    }

type Request = {
  readonly bearer: string | undefined
  /** Unix seconds. */
  readonly now: number
  /** Marks the write by which this very request spends its token. */
  readonly write_id: Uint8Array
}

/**
 * RFC 7591 §3: decides by mode and bearer who may register; spends a token that is consumed on the attempt.
 * Throws OAuthError `not_found` (registration is off), `missing_token`, `invalid_token`, `insufficient_scope`.
 */
export async function admit(request: Request, server: Server): Promise<Admission> {
  const { registration, registrationScope, missingTokenStatus } = server.settings
  if (registration === 'disabled')
    throw new OAuthError('not_found', 'client registration is disabled')
  if (request.bearer === undefined) {
    if (registration === 'dynamic') return { by: 'anonymous' }
    throw new OAuthError('missing_token', 'an initial access token is required', {
      status: missingTokenStatus,
    })
  }
  const admission = await present(request.bearer, request, server)
  if (admission.by !== 'initial_access_token') return admission
  if (!hasAudience(admission.token, server)) throw invalidInitialAccessToken()
  if (registration === 'scoped' && !hasScope(admission.token.scope, registrationScope))
    throw new OAuthError(
      'insufficient_scope',
      'the token lacks the scope that registration needs',
      {
        scope: registrationScope,
      },
    )
  return admission
}

/** What the bearer is: a stored initial access token, the operator's master token, or the static one. */
async function present(bearer: string, request: Request, server: Server): Promise<Admission> {
  const id = initialAccessTokenId(bearer)
  if (id !== undefined) return presentInitialAccessToken(id, digestOf(bearer), request, server)
  if (await server.isMasterToken(bearer)) return { by: 'operator' }
  if (await server.isStaticInitialAccessToken(bearer)) return { by: 'static_initial_access_token' }
  throw invalidInitialAccessToken()
}

async function presentInitialAccessToken(
  id: string,
  token_digest: Uint8Array,
  { now, write_id }: Request,
  { initialAccessTokens }: Server,
): Promise<Admission> {
  const by = 'initial_access_token'
  if (consumptionOf(id) === 'on_attempt') {
    const token = await initialAccessTokens.spend(id, token_digest, now, write_id)
    if (token === undefined) throw invalidInitialAccessToken()
    return { by, token, spending: undefined }
  }
  const token = await initialAccessTokens.find(id)
  if (token === undefined || !sameBytes(token.token_digest, token_digest) || !isUsable(token, now))
    throw invalidInitialAccessToken()
  return {
    by,
    token,
    spending: consumptionOf(id) === 'on_success' ? { id, token_digest } : undefined,
  }
}

const isUsable = ({ expires_at, uses_left }: InitialAccessToken, now: number): boolean =>
  expires_at > now && (uses_left === undefined || uses_left > 0)

const hasAudience = ({ audience }: InitialAccessToken, { issuer, registrationEndpoint }: Server) =>
  audience === undefined || audience.includes(issuer) || audience.includes(registrationEndpoint)

/** RFC 6750 §3.1 `invalid_token`: unknown, wrong, spent and expired are one and the same. */
export const invalidInitialAccessToken = () =>
  new OAuthError('invalid_token', 'the token is unknown, spent, expired or revoked')
