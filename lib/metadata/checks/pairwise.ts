import { cibaGrant, deviceGrant } from '../grants.ts'
import { keyMethods } from './algorithms.ts'
import type { Check } from './check.ts'

/** The host of a redirect URI; the scheme of a private-use URI. */
function hostOf(uri: string): string {
  const { protocol, hostname } = new URL(uri)
  return protocol === 'https:' || protocol === 'http:' ? hostname : protocol
}

export const pairwiseChecks = {
  /** OpenID Connect Core 1.0 §8.1: redirect URIs with several hosts need a sector identifier. */
  oneSectorForPairwise: ({ subject_type, sector_identifier_uri, redirect_uris }) =>
    subject_type === 'pairwise' &&
    sector_identifier_uri === undefined &&
    new Set(redirect_uris?.map(hostOf)).size > 1
      ? 'sector_identifier_uri: needed for subject_type pairwise with several hosts in redirect_uris'
      : undefined,
  /**
   * CIBA Core 1.0 §4: without redirect URIs, the sector comes from a URI that the client proves to
   * control.
   */
  sectorWithoutRedirects({ subject_type, grant_types, ...metadata }) {
    const bare = grant_types.includes(cibaGrant) || grant_types.includes(deviceGrant)
    if (subject_type !== 'pairwise' || !bare) return undefined
    if (metadata.sector_identifier_uri === undefined && metadata.jwks_uri === undefined)
      return 'subject_type: pairwise needs sector_identifier_uri or jwks_uri for these grant types'
    return keyMethods.includes(metadata.token_endpoint_auth_method)
      ? undefined
      : `subject_type: pairwise needs token_endpoint_auth_method ${keyMethods.join(' or ')} for these grant types`
  },
} satisfies Record<string, Check>
