import type { FetchJson } from '../ports/fetch-json.ts'
import type { Settings } from '../settings/schema.ts'
import type { AccessTokenIssuer } from './access-token.ts'
import type { TrustedIssuer } from './issuer-keys.ts'
import { type SoftwareKeys, softwareKeys } from './software-keys.ts'
import { trustIssuers, type VerifyJwt } from './trusted-issuers.ts'

/** Verifiers for JWTs of the configured issuers, and the key resolver for verified software. */
export type Trust = {
  readonly accessTokens: VerifyJwt<AccessTokenIssuer>
  readonly softwareStatements: VerifyJwt<TrustedIssuer>
  readonly signedRequests: VerifyJwt<TrustedIssuer>
  readonly softwareKeys: SoftwareKeys
}

/** Composes the verifiers from the settings; `read` fetches keys from a URL in a statement. */
export function trust(
  { accessTokenIssuers, softwareStatement, signedRequest }: Settings,
  read: FetchJson,
): Trust {
  const signers = signedRequest.issuers === 'software_statement' ? [] : signedRequest.issuers
  return {
    accessTokens: trustIssuers(accessTokenIssuers),
    softwareStatements: trustIssuers(softwareStatement.issuers),
    signedRequests: trustIssuers(signers),
    softwareKeys: softwareKeys(read),
  }
}
