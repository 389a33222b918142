import { algorithmChecks } from './algorithms.ts'
import { cibaChecks } from './ciba.ts'
import { clientRegistrationChecks } from './client-registration.ts'
import { logoutChecks } from './logout.ts'
import { mutualTlsChecks } from './mutual-tls.ts'
import { openidRegistrationChecks } from './openid-registration.ts'
import { otherSpecificationChecks } from './other-specifications.ts'
import { pairwiseChecks } from './pairwise.ts'
import { requestObjectChecks } from './request-objects.ts'
import { senderConstrainedChecks } from './sender-constrained.ts'

/** The cross-field rules by name, in the order of evaluation. */
export const consistency = {
  ...clientRegistrationChecks,
  ...algorithmChecks,
  ...mutualTlsChecks,
  ...openidRegistrationChecks,
  ...pairwiseChecks,
  ...requestObjectChecks,
  ...senderConstrainedChecks,
  ...cibaChecks,
  ...logoutChecks,
  ...otherSpecificationChecks,
}
