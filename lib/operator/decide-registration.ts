import * as v from 'valibot'
import type { RegisteredClient } from '../client.ts'
import { type Decision, isSameDecision } from '../decision.ts'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { isClientId } from '../tokens/client-id.ts'
import { type AdminView, adminView } from './admin-view.ts'
import { type AdministrationRequest, clientNotFound } from './get-client.ts'
import { members, parseRequest, text } from './parse-request.ts'
import { type OperatorIdentity, requireOperator } from './require-operator.ts'

const expectedVersion = 'expected the version of the client'

/** The operator's decision on a registration that awaits approval. */
export const decisionSchema = members({
  decision: v.picklist(['approve', 'reject'], 'expected approve or reject'),
  note: v.optional(text(1024)),
  version: v.optional(
    v.pipe(
      v.number(expectedVersion),
      v.safeInteger(expectedVersion),
      v.minValue(1, expectedVersion),
    ),
  ),
})

/**
 * Approves or rejects a registration that awaits approval. An approved client is enabled; a
 * rejected one stays disabled. Of several decisions at once, one is made. The repetition of the
 * same decision by the same operator returns the client again.
 * Throws OAuthError like `requireOperator`, `invalid_request`, `not_found`, `conflict`.
 */
export async function decideRegistration(
  { bearer, client_id, now, body }: AdministrationRequest & { readonly body: JsonObject },
  server: Server,
): Promise<AdminView> {
  const { decision, version } = await requireOperator(bearer, now, server, (operator) =>
    parseDecision(body, operator, now),
  )
  if (!isClientId(client_id)) throw clientNotFound()
  const decided = await server.clientAdmin.decide(client_id, decision, version)
  const client = decided.outcome === 'written' ? decided.client : decided.current
  if (client === undefined) throw clientNotFound()
  server.annotate(clientLogFields(client))
  if (decided.outcome === 'written') server.annotate({ decision: decision.outcome })
  else if (!isSameDecision(client.decision, decision)) throw conflict(client)
  return adminView(client, server.settings)
}

/** Parses the operator's decision. Throws OAuthError `invalid_request`. */
export function parseDecision(
  body: JsonObject,
  operator: OperatorIdentity,
  now: number,
): { readonly decision: Decision; readonly version: number | undefined } {
  const { decision, note, version } = parseRequest(decisionSchema, body)
  const outcome = decision === 'approve' ? ('approved' as const) : ('rejected' as const)
  return { decision: omitUndefined({ outcome, decided_at: now, ...operator, note }), version }
}

function conflict({ decision, pending_at }: RegisteredClient): OAuthError {
  if (pending_at !== undefined)
    return new OAuthError('conflict', 'version: the client has another one; read it again')
  return decision === undefined
    ? new OAuthError('conflict', 'the client does not await approval')
    : alreadyDecided(decision)
}

export const alreadyDecided = ({ outcome, operator = 'an operator', decided_at }: Decision) =>
  new OAuthError('conflict', `${outcome} already by ${operator} at ${toTime(decided_at)}`)

/** RFC 3339, in UTC. */
const toTime = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
