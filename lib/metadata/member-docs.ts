import { cibaDocs } from './members/ciba.ts'
import { clientRegistrationDocs } from './members/client-registration.ts'
import { federationDocs } from './members/federation.ts'
import { logoutDocs } from './members/logout.ts'
import { mutualTlsDocs } from './members/mutual-tls.ts'
import { openidRegistrationDocs } from './members/openid-registration.ts'
import { otherSpecificationsDocs } from './members/other-specifications.ts'
import { requestObjectsDocs } from './members/request-objects.ts'
import { type ChoiceName, choiceNames } from './members/rp-metadata-choices.ts'
import { senderConstrainedDocs } from './members/sender-constrained.ts'
import { serverMembersDocs } from './members/server-members.ts'
import { softwareStatementDocs } from './members/software-statement.ts'
import { verifiableCredentialsDocs } from './members/verifiable-credentials.ts'
import type { MemberDoc } from './rules/rule.ts'

const choice = { section: 'RP Metadata Choices 1.0 §2', omitted: 'no choice is offered' }

/**
 * For each member, its defining section and its meaning when omitted: the columns of reference.md
 * that the rules do not provide.
 */
export const memberDocs = {
  ...clientRegistrationDocs,
  ...softwareStatementDocs,
  ...serverMembersDocs,
  ...openidRegistrationDocs,
  ...mutualTlsDocs,
  ...requestObjectsDocs,
  ...logoutDocs,
  ...senderConstrainedDocs,
  ...federationDocs,
  ...verifiableCredentialsDocs,
  ...cibaDocs,
  ...otherSpecificationsDocs,
  ...(Object.fromEntries(choiceNames.map((name) => [name, choice])) as Record<
    ChoiceName,
    MemberDoc
  >), // by name
}

export type MemberName = keyof typeof memberDocs
