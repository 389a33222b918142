import { OAuthError } from '../errors.ts'
import { type ScopeLock, scopeLock } from '../permission/scope-lock.ts'
import { type RequestLogFields, sourceLogFields } from '../ports/request-log-fields.ts'
import type { Settings } from '../settings/schema.ts'
import { type AuthorizationPorts, authenticateBearer, invalidToken } from './authenticate-bearer.ts'
import type { RegistrationGrant } from './registration-grant.ts'

type Request = {
  readonly bearer: string | undefined
  /** Whether the client requests `trusted`. */
  readonly trusted: boolean
  /** Unix seconds. */
  readonly now: number
  /** Identifies this request's write, which consumes the token; undefined if none is consumed. */
  readonly write_id: Uint8Array | undefined
}

/** An authorized registration, and the grant types and scopes that its token locks it to. */
export type AuthorizedRegistration = RegistrationGrant & { readonly lock: ScopeLock }

/**
 * RFC 7591 §3: authorizes a registration by mode, bearer token and scope; consumes a token that is
 * consumed on the attempt, unless the request consumes nothing. Throws OAuthError `not_found`
 * (registration is disabled), `missing_token`, `invalid_token`, `insufficient_scope`,
 * `temporarily_unavailable`.
 */
export async function authorizeRegistration(
  request: Request,
  server: AuthorizationPorts,
): Promise<AuthorizedRegistration> {
  const { registration, missingTokenStatus, ignoreUnknownTokens } = server.settings
  const { bearer, trusted } = request
  if (registration === 'disabled')
    throw new OAuthError('not_found', 'client registration is disabled')
  const grant =
    bearer === undefined ? undefined : await authenticateBearer({ ...request, bearer }, server)
  if (grant === undefined) {
    if (bearer !== undefined && !ignoreUnknownTokens) throw invalidToken()
    if (registration === 'dynamic' && !trusted)
      return { source: { registration_method: 'anonymous' }, lock: {} }
    throw new OAuthError('missing_token', 'an initial access token is required', {
      status: missingTokenStatus,
    })
  }
  return grant.source.registration_method === 'operator'
    ? { ...grant, lock: {} }
    : checkScope(grant, trusted, server.settings)
}

/** Requires the registration scope in mode `scoped`, and the trusted scope in every mode. */
function checkScope(
  grant: RegistrationGrant,
  trusted: boolean,
  { registration, registrationScope, trustedRegistrationScope }: Settings,
): AuthorizedRegistration {
  const { scope = '' } = grant
  const insufficientScope = (required: string) =>
    new OAuthError('insufficient_scope', 'the token lacks the scope that this registration needs', {
      scope: required,
      logFields: grantLogFields(grant),
    })
  const lock = scopeLock(scope, registrationScope)
  if (registration === 'scoped' && lock === undefined) throw insufficientScope(registrationScope)
  if (trusted && !scope.split(' ').includes(trustedRegistrationScope))
    throw insufficientScope(trustedRegistrationScope)
  return { ...grant, lock: lock ?? {} }
}

/** How the registration is authorized, and whether that consumed a token. */
export const grantLogFields = ({ source, consumed }: RegistrationGrant): RequestLogFields => ({
  registration_method: source.registration_method,
  ...sourceLogFields(source),
  ...(consumed && { consumed }),
})
