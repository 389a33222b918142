import * as v from 'valibot'

const text = v.pipe(v.string(), v.nonEmpty())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const names = v.pipe(v.array(text), v.nonEmpty())

const about = { version: v.literal(1), id: text, time: count, sequence: count }
const client = {
  ...about,
  client_id: text,
  owner: v.exactOptional(text),
  iss: v.exactOptional(text),
}
const token = {
  ...about,
  initial_access_token: text,
  owner: v.exactOptional(text),
  expires_at: count,
  max_uses: v.exactOptional(count),
  uses_left: v.exactOptional(count),
}

/** (Ours) event schemas by detail type; README.md documents the members. */
export const details = {
  'client.registered': v.strictObject({ ...client, initial_access_token: v.exactOptional(text) }),
  'client.pending': v.strictObject({ ...client, initial_access_token: v.exactOptional(text) }),
  'client.approved': v.strictObject({ ...client, changed: names }),
  'client.rejected': v.strictObject({ ...client, changed: names }),
  'client.updated': v.strictObject({ ...client, changed: names }),
  'client.secret_renewed': v.strictObject({ ...client, changed: names }),
  'client.disabled': v.strictObject({ ...client, changed: names }),
  'client.enabled': v.strictObject({ ...client, changed: names }),
  'client.stale': v.strictObject({ ...client, changed: names }),
  'client.revived': v.strictObject({ ...client, changed: names }),
  'client.deleted': v.strictObject({ ...client, stale_at: v.exactOptional(count) }),
  'initial_access_token.issued': v.strictObject(token),
  'initial_access_token.consumed': v.strictObject(token),
  'initial_access_token.revoked': v.strictObject(token),
  'initial_access_token.expired': v.strictObject(token),
}

export type DetailType = keyof typeof details

/** (Ours) a published event: names and times only; no secret, digest or metadata. */
export type RegistryEvent = {
  readonly [Type in DetailType]: {
    readonly type: Type
    readonly detail: Readonly<v.InferOutput<(typeof details)[Type]>>
  }
}[DetailType]
