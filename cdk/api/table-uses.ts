import type { Settings } from '../../lib/settings/schema.ts'
import { declaredLimits } from '../bundling/extension-policies.ts'

/** What the endpoints of a stage do in the table beyond their own items. */
export type TableUses = {
  /** Whether a signed request is remembered, so that it is accepted once. */
  readonly takesSigned: boolean
  /** Whether a registration remembers a signed request or an access token. */
  readonly takesOnce: boolean
  /** Whether a request of an operator remembers its access token. */
  readonly administersOnce: boolean
  /** Whether a request that an operator or a reader may make remembers its access token. */
  readonly readsOnce: boolean
  readonly countsOwners: boolean
  readonly countsHours: boolean
}

/** Uses of the table by settings. `extensions` is a folder that replaces functions/extensions. */
export function tableUses(settings: Settings, extensions?: string): TableUses {
  const { signedRequest, accessTokenIssuers } = settings
  // A configured policy that `policies` does not list still applies to registrations whose token
  // names it.
  const limits = declaredLimits(settings, extensions)
  const takesSigned = signedRequest.issuers.length > 0
  return {
    takesSigned,
    takesOnce: takesSigned || accessTokenIssuers.some(({ singleUse }) => singleUse),
    administersOnce: accessTokenIssuers.some(
      ({ singleUse, administers }) => singleUse && administers,
    ),
    readsOnce: accessTokenIssuers.some(
      ({ singleUse, administers, reads }) => singleUse && (administers || reads),
    ),
    countsOwners: limits.includes('limitClientsOfOwner'),
    countsHours: limits.includes('limitAnonymousClients'),
  }
}
