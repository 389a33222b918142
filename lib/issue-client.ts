import type { AuthorizedRegistration } from './authorization/authorize-registration.ts'
import { firstDue } from './clean-up/due.ts'
import { needsClientSecret, type RegisteredClient } from './client.ts'
import type { Credentials } from './client-information-response.ts'
import type { Decision } from './decision.ts'
import type { PermittedMetadata } from './permission/permit.ts'
import type { PolicyResult } from './policy/policy.ts'
import type { Server } from './server.ts'
import type { Settings } from './settings/schema.ts'
import { issueClientSecret } from './tokens/client-secret.ts'
import { generateRegistrationAccessToken, storedToken } from './tokens/registration-access-token.ts'

type DecidedRegistration = AuthorizedRegistration & { readonly decision?: Decision | undefined }

/** Generates the client's identifier, secret and registration access token. */
export async function issueClient(
  { metadata, policyResult }: PermittedMetadata,
  grant: DecidedRegistration,
  { now, write_id }: { now: number; write_id: Uint8Array },
  {
    settings,
    keyRing,
    clientSecretKeyRing,
    generators,
  }: Pick<Server, 'settings' | 'keyRing' | 'clientSecretKeyRing' | 'generators'>,
): Promise<{ client: RegisteredClient; credentials: Credentials }> {
  const { registrationAccessToken } = settings
  const hasSecret = needsClientSecret(metadata)
  const client_id = await generators.clientId(hasSecret)
  const secret = hasSecret
    ? await issueClientSecret(
        client_id,
        settings.clientSecret,
        generators.clientSecret,
        clientSecretKeyRing,
        now,
      )
    : undefined
  const issues = policyResult.issueRegistrationAccessToken ?? registrationAccessToken.issue
  const token = issues ? await generateRegistrationAccessToken(client_id, keyRing) : undefined
  const isPending = needsApproval(grant, settings)
  const client = {
    client_id,
    client_id_issued_at: now,
    metadata,
    ...secret?.stored,
    ...(token && storedToken(token, registrationAccessToken, now)),
    version: 1,
    write_id,
    ...grant.source,
    ...limitsOf(grant, policyResult),
    ...firstDue(grant.source.registration_method, now, settings.cleanUp, isPending),
    ...(grant.decision && { decision: grant.decision }),
    ...(isPending && { disabled_at: now, pending_at: now }),
  }
  return {
    client,
    credentials: { client_secret: secret?.client_secret, registration_access_token: token },
  }
}

/** With `approval`, every registration but the operator's own awaits a decision. */
export const needsApproval = (
  { source, decision }: DecidedRegistration,
  { approval }: Pick<Settings, 'approval'>,
): boolean =>
  approval !== 'off' && source.registration_method !== 'operator' && decision === undefined

/** What the client's updates are limited to; stored permanently on the client. */
function limitsOf(
  { policies, lock }: AuthorizedRegistration,
  policyResult: PolicyResult,
): Partial<RegisteredClient> {
  const governing = policyResult.policies ?? policies ?? []
  return {
    ...(governing.length > 0 && { policies: governing }),
    ...(Object.keys(lock).length > 0 && { lock }),
    ...(policyResult.quota && { counted: true }),
  }
}
