import { algorithmChecks } from './algorithm-uses.ts'
import { cibaChecks } from './checks/ciba.ts'
import { clientRegistrationChecks } from './checks/client-registration.ts'
import { extensionChecks } from './checks/extensions.ts'
import { logoutChecks } from './checks/logout.ts'
import { mutualTlsChecks } from './checks/mutual-tls.ts'
import { openidRegistrationChecks } from './checks/openid-registration.ts'
import { requestObjectChecks } from './checks/request-objects.ts'
import { senderConstrainedChecks } from './checks/sender-constrained.ts'
import { pairwiseChecks } from './pairwise.ts'

/** The rules across members, each under a name, in the order in which they are judged. */
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
  ...extensionChecks,
}
