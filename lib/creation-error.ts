import { invalidToken } from './authorization/authenticate-bearer.ts'
import { invalidRegistration, OAuthError } from './errors.ts'
import type { CreateResult } from './ports/client-store.ts'

/** The error of a registration whose client was not created; `now` in Unix seconds. */
export function creationError(
  result: Exclude<CreateResult, { readonly outcome: 'created' }>,
  now: number,
): OAuthError {
  if (result.outcome === 'exists')
    return new OAuthError('server_error', 'the generated client_id already exists')
  switch (result.kind) {
    case 'initial_access_token':
    case 'access_token':
      return invalidToken()
    case 'signed_request':
      return new OAuthError('invalid_request', 'the signed request has already been used (jti)')
    case 'idempotency_key':
      return new IdempotencyKeyUsed()
    case 'anonymous_client':
      return new OAuthError(
        'too_many_requests',
        'the hourly limit of registrations without a token is reached; try again in the next hour, or register with an initial access token',
        { retryAfterSeconds: untilNextHour(now) },
      )
    case 'redirect_host':
      return new OAuthError(
        'too_many_requests',
        'the hourly limit of registrations without a token for this redirect host is reached; try again in the next hour, or register with an initial access token',
        { retryAfterSeconds: untilNextHour(now) },
      )
    case 'software_client':
      return new OAuthError(
        'quota_exhausted',
        'the client quota of this software_id is exhausted; delete a client, or ask the operator',
      )
    case 'pending_registration':
      return invalidRegistration()
    case 'owned_client':
      return new OAuthError('quota_exhausted', "the owner's client quota is exhausted")
  }
}

const untilNextHour = (now: number): number => 3600 - (now % 3600)

/** Another request with the same bearer and idempotency key has registered a client. */
export class IdempotencyKeyUsed extends OAuthError {
  constructor() {
    super(
      'temporarily_unavailable',
      'another request with this Idempotency-Key was just carried out; retry later',
    )
  }
}
