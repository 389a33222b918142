import { ciba } from './members/ciba.ts'
import { clientRegistration } from './members/client-registration.ts'
import { federation } from './members/federation.ts'
import { logout } from './members/logout.ts'
import { mutualTls } from './members/mutual-tls.ts'
import { openidRegistration } from './members/openid-registration.ts'
import { otherSpecifications } from './members/other-specifications.ts'
import { requestObjects } from './members/request-objects.ts'
import { senderConstrained } from './members/sender-constrained.ts'
import { softwareStatement } from './members/software-statement.ts'
import { verifiableCredentials } from './members/verifiable-credentials.ts'
import type { Member, MetadataOf } from './rules/rule.ts'

/** Every member of client metadata that a client may send and that is registered, by name. */
export const members = {
  ...clientRegistration,
  ...openidRegistration,
  ...mutualTls,
  ...requestObjects,
  ...logout,
  ...senderConstrained,
  ...federation,
  ...verifiableCredentials,
  ...ciba,
  ...softwareStatement,
  ...otherSpecifications,
} satisfies Record<string, Member<unknown>>

type Members = typeof members

type Tagged = {
  [Name in keyof Members]: Members[Name] extends { tagged: true } ? Name : never
}[keyof Members]

/** Client metadata after each member has been parsed, before defaults and cross-field rules. */
export type SentMetadata = MetadataOf<Members> & {
  /** RFC 7591 §2.2: the member in another language. */
  readonly [Name in `${Tagged}#${string}`]?: string
}

/** Members that are always registered, because the standards define a default. */
type Defaulted =
  | 'token_endpoint_auth_method'
  | 'grant_types'
  | 'response_types'
  | 'application_type'

/** RFC 7591 §2 Client Metadata as registered: validated, with defaults. */
export type ClientMetadata = Omit<SentMetadata, Defaulted> & {
  readonly [Name in Defaulted]-?: NonNullable<SentMetadata[Name]>
}
