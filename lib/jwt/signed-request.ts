import { OAuthError } from '../errors.ts'
import { type JsonObject, jsonProblem } from '../json.ts'
import type { Server, ServerConfig } from '../server.ts'
import { sha256 } from '../tokens/token.ts'
import { acceptedAudiences } from './accepted-audiences.ts'
import { replayExpiry } from './access-token.ts'
import { type VerifiedRequest, verifyBySoftwareKeys } from './software-signed-request.ts'
import type { SoftwareStatement } from './software-statement.ts'
import { checkJti, type Expectations, InvalidJwtError } from './trusted-issuers.ts'

/** A request whose body is a signed JWT: its metadata and its replay key. */
type SignedRequest = {
  readonly metadata: JsonObject
  /** Its replay key; omitted if the JWT has no `jti`: it can then be reused until it expires. */
  readonly replay?: { readonly digest: Uint8Array; readonly remembered_until: number }
  /** The embedded software statement, if its keys verified the request. */
  readonly statement?: SoftwareStatement
}

/** The body of a registration or an update, and what its signature proves. */
export type RegistrationBody = Pick<SignedRequest, 'replay' | 'statement'> & {
  readonly body: JsonObject
  /** Whether a configured issuer signed it, or the software by the keys in its statement. */
  readonly signed?: boolean
}

/** Claims about the JWT itself (RFC 7519 §4.1); all other claims are client metadata. */
const registeredClaims = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub']

/**
 * Verifies a signed request body by a configured issuer's keys or, if `issuers` is
 * `software_statement`, by the keys of the embedded software statement. Throws OAuthError
 * `invalid_request`, `invalid_software_statement`, and `temporarily_unavailable` if an issuer's
 * keys are unavailable.
 */
export async function verifySignedRequest(
  jwt: string,
  now: number,
  server: ServerConfig & Pick<Server, 'trust'>,
): Promise<SignedRequest> {
  const { requireJti, issuers, maxAge } = server.settings.signedRequest
  const verify = issuers === 'software_statement' ? verifyBySoftwareKeys : verifyByIssuer
  try {
    const { claims, signer, ...statement } = await verify(jwt, expectations(now, server), server)
    const problem = jsonProblem(claims, 'the signed request')
    if (problem !== undefined) throw new OAuthError('invalid_request', problem)
    const metadata = Object.entries(claims).filter(([name]) => !registeredClaims.includes(name))
    const { jti, exp = 0, iat = exp } = claims
    if (requireJti) checkJti(claims)
    const replay = {
      // Prefixed, because the issuer may use the same jti in an access token.
      digest: sha256(JSON.stringify(['signed_request', ...signer, jti])),
      // `maxAge` may end its acceptance before `exp`.
      remembered_until: replayExpiry(Math.min(exp, iat + maxAge)),
    }
    return {
      metadata: Object.fromEntries(metadata),
      ...(typeof jti === 'string' && { replay }),
      ...statement,
    }
  } catch (cause) {
    if (!(cause instanceof InvalidJwtError)) throw cause
    throw new OAuthError('invalid_request', `the signed request is not valid: ${cause.message}`, {
      cause,
    })
  }
}

function expectations(now: number, server: ServerConfig): Expectations {
  const { algorithms, typ, maxAge, ...settings } = server.settings.signedRequest
  return {
    audience: acceptedAudiences(server, settings),
    types: typ === undefined ? [undefined, 'jwt', 'jose'] : [typ],
    requiredClaims: ['exp', 'aud', 'iat'],
    maxTokenAge: maxAge,
    algorithms,
    now,
  }
}

async function verifyByIssuer(
  jwt: string,
  expected: Expectations,
  { trust }: Pick<Server, 'trust'>,
): Promise<VerifiedRequest> {
  const { claims, issuer } = await trust.signedRequests(jwt, () => expected)
  return { claims, signer: [issuer.issuer] }
}
