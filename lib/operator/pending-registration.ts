import { isSameDecision } from '../decision.ts'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { omitUndefined } from '../omit-undefined.ts'
import type { PendingRegistration } from '../ports/pending-registration-store.ts'
import { sourceLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { parseVerificationCode } from '../tokens/registration-code.ts'
import { alreadyDecided, parseDecision } from './decide-registration.ts'
import { requireOperator } from './require-operator.ts'

export type PendingRegistrationRequest = {
  readonly bearer: string | undefined
  /** As the operator typed it. */
  readonly verification_code: string
  /** Unix seconds. */
  readonly now: number
}

/** A deferred registration in operator responses. Times are Unix seconds. */
export type PendingRegistrationView = Pick<
  PendingRegistration,
  'verification_code' | 'requested_at' | 'expires_at' | 'metadata' | 'policies' | 'decision'
> &
  PendingRegistration['source']

/** Allowlist: a member that is not named here is never returned. */
const pendingRegistrationView = (registration: PendingRegistration): PendingRegistrationView =>
  omitUndefined({
    verification_code: registration.verification_code,
    requested_at: registration.requested_at,
    expires_at: registration.expires_at,
    registration_method: registration.source.registration_method,
    owner: registration.source.owner,
    iss: registration.source.iss,
    initial_access_token: registration.source.initial_access_token,
    policies: registration.policies,
    decision: registration.decision,
    metadata: registration.metadata,
  })

/**
 * draft-dellaert-oauth-approval-based-dcr-00 §4: shows the operator what is to be registered.
 * Throws OAuthError like `requireOperator`, and `not_found`.
 */
export async function getPendingRegistration(
  { bearer, verification_code, now }: PendingRegistrationRequest,
  server: Server,
): Promise<PendingRegistrationView> {
  await requireOperator(bearer, now, server)
  const code = parseVerificationCode(verification_code)
  const found = code === undefined ? undefined : await server.pendingRegistrations.find(code)
  if (found === undefined || found.expires_at <= now) throw registrationNotFound()
  server.annotate(sourceLogFields(found.source))
  return pendingRegistrationView(found)
}

/**
 * Approves or rejects a deferred registration: once, and again only by the same operator. The
 * client is registered when it polls next.
 * Throws OAuthError like `requireOperator`, `invalid_request`, `not_found`, `conflict`.
 */
export async function decidePendingRegistration(
  { bearer, verification_code, now, body }: PendingRegistrationRequest & { body: JsonObject },
  server: Server,
): Promise<PendingRegistrationView> {
  const { decision } = await requireOperator(bearer, now, server, (operator) =>
    parseDecision(body, operator, now),
  )
  const code = parseVerificationCode(verification_code)
  const decided =
    code === undefined ? undefined : await server.pendingRegistrations.decide(code, decision)
  if (decided === undefined) throw registrationNotFound()
  const { outcome, registration } = decided
  server.annotate(sourceLogFields(registration.source))
  const { decision: made = decision } = registration
  if (outcome === 'written') server.annotate({ decision: decision.outcome })
  else if (!isSameDecision(made, decision)) throw alreadyDecided(made)
  return pendingRegistrationView(registration)
}

const registrationNotFound = () =>
  new OAuthError('not_found', 'no registration awaits approval under this code')
