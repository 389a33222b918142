import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../../lib/json.ts'
import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import { dropOmitted } from '../../../lib/metadata/omitted.ts'
import type { PermitPorts } from '../../../lib/permission/permit.ts'
import { permitUpdate } from '../../../lib/permission/permit-update.ts'
import type { Candidate } from './candidate.ts'

/** What the rules of the service make of a client's metadata. */
export type JudgedMetadata = {
  readonly metadata: ClientMetadata
  /** Members that the rules changed. */
  readonly changed: readonly string[]
  /** Members that the rules left out. */
  readonly dropped: readonly string[]
}

/**
 * Judges the metadata of a record as an update of the client would be judged. A client of another
 * server has no rights that it could keep: no reserved scope, and a software statement is verified.
 * `now` in Unix seconds. Throws OAuthError like `permitUpdate`.
 */
export async function applyRules(
  { sent, client, isMapped }: Candidate,
  now: number,
  server: PermitPorts,
): Promise<JudgedMetadata> {
  const { client_id } = client
  const registered = isMapped ? newClientMetadata(sent) : (sent as ClientMetadata & JsonObject)
  const body = { ...sent, client_id }
  const { metadata } = await permitUpdate(
    { body, now },
    { ...client, metadata: registered },
    server,
  )
  const names = Object.keys(dropOmitted(sent))
  const has = (name: string) => Object.hasOwn(metadata, name)
  const result: JsonObject = { ...metadata }
  return {
    metadata,
    changed: names.filter((name) => has(name) && !isDeepStrictEqual(result[name], sent[name])),
    dropped: names.filter((name) => !has(name)),
  }
}

/** What `permitUpdate` asks of the registered metadata: whether there are grants. */
const newClientMetadata = ({ grant_types }: JsonObject): ClientMetadata => ({
  application_type: 'web',
  token_endpoint_auth_method: 'none',
  response_types: [],
  grant_types: Array.isArray(grant_types) && grant_types.length === 0 ? [] : ['authorization_code'],
})
