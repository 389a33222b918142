import * as v from 'valibot'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { clientLogFields } from '../ports/request-log-fields.ts'
import type { Server } from '../server.ts'
import { isClientId } from '../tokens/client-id.ts'
import { type AdminView, adminView, defaultLabel } from './admin-view.ts'
import { type AdministrationRequest, clientNotFound } from './get-client.ts'
import { members, parseRequest, text } from './parse-request.ts'
import { requireOperator } from './require-operator.ts'

/** The operator's request to change a client. */
export const changeSchema = members({
  disabled: v.optional(v.boolean()),
  stale: v.optional(v.literal(false, 'expected false')),
  label: v.optional(v.nullable(text(64))),
  note: v.optional(v.nullable(text(1024))),
})

/**
 * Disables or enables a client, revives a stale one, and sets its label and note; null removes a
 * label or note. A disabled client's registration access token is rejected; its record is kept.
 * Throws OAuthError like `requireOperator`, `invalid_request`, `not_found`, and `conflict` for a
 * client that awaits approval: only a decision on it enables it.
 */
export async function updateClientAdmin(
  { bearer, client_id, now, body }: AdministrationRequest & { readonly body: JsonObject },
  server: Server,
): Promise<AdminView> {
  const parse = () => parseRequest(changeSchema, body)
  const { disabled, stale, label, note } = await requireOperator(bearer, now, server, parse)
  const { cleanUp } = server.settings
  const change = {
    ...(disabled !== undefined && { disabled_at: disabled ? now : null }),
    ...(stale === false && {
      stale_at: null,
      ...(cleanUp.mode !== 'off' && { due_at: now + cleanUp.unusedAfter }),
    }),
    ...omitUndefined({ label: label === defaultLabel ? null : label, note }),
  }
  const changed = isClientId(client_id)
    ? await server.clientAdmin.update(client_id, change)
    : undefined
  if (changed === undefined) throw clientNotFound()
  if (disabled === false && changed.pending_at !== undefined)
    throw new OAuthError('conflict', 'the client awaits approval: decide on it, which enables it')
  server.annotate({
    ...clientLogFields(changed),
    changed: changedFields({ disabled, stale, label, note }).join(', '),
  })
  return adminView(changed, server.settings)
}

/** Names only: the text of a label or note is not logged. */
const changedFields = ({
  disabled,
  stale,
  label,
  note,
}: v.InferOutput<typeof changeSchema>): string[] => [
  ...(disabled === undefined ? [] : [disabled ? 'disabled' : 'enabled']),
  ...(stale === undefined ? [] : ['revived']),
  ...(label === undefined ? [] : ['label']),
  ...(note === undefined ? [] : ['note']),
]
