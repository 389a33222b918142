import { OAuthError } from '../errors.ts'
import { aboutOwner, type Notes } from '../notes.ts'
import type { Server } from '../server.ts'
import type { Admission } from './admission.ts'
import { admissionOf, invalidBearer } from './bearer.ts'
import { type ScopeLock, scopeLock } from './scope-lock.ts'

type Request = {
  readonly bearer: string | undefined
  /** Whether the client asks to be trusted. */
  readonly trusted: boolean
  /** Unix seconds. */
  readonly now: number
  /** Marks the write by which this very request spends its token. */
  readonly write_id: Uint8Array
}

/** A registration that may go on, and what its token's scope locks the client to. */
export type Admitted = Admission & { readonly lock: ScopeLock }

/**
 * RFC 7591 §3: decides by mode, bearer and scope who may register; spends a token that is consumed on the attempt.
 * Throws OAuthError `not_found` (registration is off), `missing_token`, `invalid_token`, `insufficient_scope`,
 * `temporarily_unavailable`.
 */
export async function admit(request: Request, server: Server): Promise<Admitted> {
  const { registration, missingTokenStatus, ignoreUnknownTokens } = server.settings
  const { bearer, trusted } = request
  if (registration === 'disabled')
    throw new OAuthError('not_found', 'client registration is disabled')
  const admission =
    bearer === undefined ? undefined : await admissionOf({ ...request, bearer }, server)
  if (admission === undefined) {
    if (bearer !== undefined && !ignoreUnknownTokens) throw invalidBearer()
    if (registration === 'dynamic' && !trusted) return { by: 'anonymous', lock: {} }
    throw new OAuthError('missing_token', 'an initial access token is required', {
      status: missingTokenStatus,
    })
  }
  server.note(aboutAdmission(admission))
  return admission.by === 'operator'
    ? { ...admission, lock: {} }
    : within(admission, trusted, server)
}

/** What the token's scope allows: registration in the mode `scoped`, and a trusted client in every mode. */
function within(admission: Admission, trusted: boolean, { settings }: Server): Admitted {
  const { registration, registrationScope, trustedRegistrationScope } = settings
  const { scope = '' } = admission
  const lock = scopeLock(scope, registrationScope)
  if (registration === 'scoped' && lock === undefined) throw insufficient(registrationScope)
  if (trusted && !scope.split(' ').includes(trustedRegistrationScope))
    throw insufficient(trustedRegistrationScope)
  return { ...admission, lock: lock ?? {} }
}

const aboutAdmission = ({ by, initial_access_token, ...owner }: Admission): Notes => ({
  admission: by,
  ...aboutOwner(owner),
  ...(initial_access_token !== undefined && { initial_access_token }),
})

const insufficient = (scope: string) =>
  new OAuthError('insufficient_scope', 'the token lacks the scope that this registration needs', {
    scope,
  })
