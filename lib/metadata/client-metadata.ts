import { clientRegistration } from './client-registration.ts'
import type { Member, MetadataOf } from './rule.ts'

/** Every member of client metadata that a client may send, by its registered name. */
export const members = { ...clientRegistration } satisfies Record<string, Member<unknown>>

type Sent = MetadataOf<typeof members>

/** The members that are always registered, because the standards give them a default. */
type Defaulted =
  | 'token_endpoint_auth_method'
  | 'grant_types'
  | 'response_types'
  | 'application_type'

/** RFC 7591 §2 Client Metadata as it is registered: judged, with its defaults. */
export type ClientMetadata = Omit<Sent, Defaulted> & {
  readonly [Name in Defaulted]-?: NonNullable<Sent[Name]>
}

/** Client metadata as sent and judged member by member, before defaults and cross-field rules. */
export type SentMetadata = Sent

/** RFC 7591 §3.2.1, RFC 7592 §3: members that the server sets; a client's own values are never registered. */
export const serverMembers = [
  'client_id',
  'client_secret',
  'client_id_issued_at',
  'client_secret_expires_at',
  'registration_access_token',
  'registration_client_uri',
] as const
