import { isDeepStrictEqual } from 'node:util'
import type { RegisteredClient } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { PermitPorts } from '../permission/permit.ts'
import { permitUpdate } from '../permission/permit-update.ts'
import type { Server } from '../server.ts'

/** A member of client metadata before and after; undefined where it is absent. */
export type ChangedMember = { readonly from: unknown; readonly to: unknown }

/** What would become of a client that sent its registered metadata in an update. */
export type JudgedClient = { readonly client_id: string } & (
  | { readonly verdict: 'unchanged' }
  | { readonly verdict: 'changed'; readonly changes: Readonly<Record<string, ChangedMember>> }
  | { readonly verdict: 'rejected'; readonly error: string; readonly error_description: string }
)

/** Clients per page of the listing. */
const pageSize = 100

/**
 * Judges every stored client by the settings and policies of this server, as an update of the same
 * metadata is judged. It reads only. `now` in Unix seconds.
 */
export async function* judgeClients(
  server: PermitPorts & Pick<Server, 'clientAdmin'>,
  now: number,
): AsyncGenerator<JudgedClient> {
  let from: string | undefined
  do {
    const { clients, next } = await server.clientAdmin.list({}, pageSize, from)
    for (const client of clients) yield await judge(client, now, server)
    from = next
  } while (from !== undefined)
}

async function judge(
  client: RegisteredClient,
  now: number,
  server: PermitPorts,
): Promise<JudgedClient> {
  const { client_id, metadata } = client
  try {
    const body = { ...metadata, client_id }
    const permitted = await permitUpdate({ body, now }, client, server)
    const changes = changedMembers({ ...metadata }, { ...permitted.metadata })
    return Object.keys(changes).length === 0
      ? { client_id, verdict: 'unchanged' }
      : { client_id, verdict: 'changed', changes }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const { code, responseDescription: error_description } = error
    return { client_id, verdict: 'rejected', error: code, error_description }
  }
}

/** The members that differ, by name. */
function changedMembers(
  before: JsonObject,
  after: JsonObject,
): Readonly<Record<string, ChangedMember>> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => [name, { from: before[name], to: after[name] }] as const)
  return Object.fromEntries(changed)
}
