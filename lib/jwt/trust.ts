import type { FetchJson } from '../ports/fetch-json.ts'
import type { Settings } from '../settings/schema.ts'
import type { AccessTokenIssuer } from './access-token.ts'
import type { TrustedIssuer } from './issuer-keys.ts'
import { type SoftwareKeys, softwareKeys } from './software-keys.ts'
import { trustIssuers, type VerifyJwt } from './trusted-issuers.ts'

/** Verifiers of the JWTs that configured issuers sign, and the keys of software that these vouch for. */
export type Trust = {
  readonly accessTokens: VerifyJwt<AccessTokenIssuer>
  readonly softwareStatements: VerifyJwt<TrustedIssuer>
  readonly signedRequests: VerifyJwt<TrustedIssuer>
  readonly softwareKeys: SoftwareKeys
}

/** Whom the settings trust; `read` reads the keys at a URL that a statement names. */
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
