import type { MemberDoc } from '../rules/rule.ts'

const issued = 'RFC 7591 §3.2.1'
const managed = 'RFC 7592 §3'
const omitted = 'set by the server'

export const serverMembersDocs = {
  client_id: { section: issued, omitted },
  client_secret: { section: issued, omitted },
  client_id_issued_at: { section: issued, omitted },
  client_secret_expires_at: { section: issued, omitted },
  registration_access_token: { section: managed, omitted },
  registration_client_uri: { section: managed, omitted },
  registration_access_token_expires_in: { section: 'in no registry', omitted },
} satisfies Record<string, MemberDoc>

/**
 * RFC 7591 §3.2.1, RFC 7592 §3: members that the server sets. A client's own values are never
 * registered.
 */
export const serverMembers: readonly string[] = [
  'client_id',
  'client_secret',
  'client_id_issued_at',
  'client_secret_expires_at',
  'registration_access_token',
  'registration_client_uri',
  'registration_access_token_expires_in',
]

/** RFC 7592 §2.2: "The client MUST NOT include" these in an update. */
export const notInUpdates: readonly string[] = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]
