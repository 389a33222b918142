import type { Settings } from '../../lib/settings/schema.ts'
import { declaredLimits, hasRegistrationHook } from '../bundling/extension-policies.ts'

/** What the endpoints of a stage do in the table beyond their own items. */
export type TableUses = {
  /** Whether signed requests are accepted: each is stored as used, so that it is accepted once. */
  readonly acceptsSignedRequests: boolean
  /** Whether a registration stores a signed request or an access token as used. */
  readonly storesUsedTokens: boolean
  /** Whether a request of an operator stores its access token as used. */
  readonly storesUsedOperatorTokens: boolean
  /** Whether a request that an operator or a reader may make stores its access token as used. */
  readonly storesUsedReaderTokens: boolean
  /** Whether a report of use stores its access token as used. */
  readonly storesUsedReporterTokens: boolean
  /** Whether a registration waits for a hook, and reads whether its client is stored. */
  readonly hooksRegistrations: boolean
  /** Whether registrations read and count shared clients. */
  readonly sharesClients: boolean
  /** Whether clients count toward the quota of an owner or a `software_id`. */
  readonly countsOwners: boolean
  readonly countsHours: boolean
  /** Whether clients become due for clean-up. */
  readonly cleansUp: boolean
  /** Whether clients are found by name, and by redirect host. */
  readonly findsByName: boolean
  readonly findsByRedirectHost: boolean
  /** Whether a registration may be stored until it is approved and polled. */
  readonly defersRegistrations: boolean
}

/** Uses of the table by settings. `extensions` is a folder that replaces functions/extensions. */
export function tableUses(settings: Settings, extensions?: string): TableUses {
  const { signedRequest, accessTokenIssuers } = settings
  // A configured policy that `policies` does not list still applies to registrations whose token
  // names it.
  const limits = declaredLimits(settings, extensions)
  const acceptsSignedRequests = signedRequest.issuers.length > 0
  return {
    acceptsSignedRequests,
    storesUsedTokens:
      acceptsSignedRequests || accessTokenIssuers.some(({ singleUse }) => singleUse),
    storesUsedOperatorTokens: accessTokenIssuers.some(
      ({ singleUse, administers }) => singleUse && administers,
    ),
    storesUsedReaderTokens: accessTokenIssuers.some(
      ({ singleUse, administers, reads }) => singleUse && (administers || reads),
    ),
    storesUsedReporterTokens: accessTokenIssuers.some(
      ({ singleUse, administers, reportsUse }) => singleUse && (administers || reportsUse),
    ),
    hooksRegistrations:
      settings.connectors.some(({ synchronous }) => synchronous) || hasRegistrationHook(extensions),
    sharesClients: settings.sharing !== 'off',
    countsOwners: (['limitClientsOfOwner', 'limitClientsOfSoftware'] as const).some((limit) =>
      limits.includes(limit),
    ),
    countsHours: limits.includes('limitAnonymousClients'),
    cleansUp: settings.cleanUp.mode !== 'off',
    findsByName: settings.findClientsBy.name,
    findsByRedirectHost: settings.findClientsBy.redirectHost,
    defersRegistrations: settings.approval === 'draft',
  }
}
