import { OAuthError } from '../errors.ts'
import { jsonProblem } from '../json.ts'
import type { JsonObject } from '../metadata/parse-client-metadata.ts'
import type { Server } from '../server.ts'
import { digestOf } from '../tokens/token.ts'
import { acceptedAudiences } from './accepted-audiences.ts'
import { rememberedUntil } from './access-token.ts'
import { checkJti, UntrustedJwt } from './trusted-issuers.ts'

/** A request whose body is a signed JWT: the metadata it carries, and what marks it as used. */
export type SignedRequest = {
  readonly metadata: JsonObject
  /** Left out where the JWT has no `jti`, and may be sent again until it expires. */
  readonly replay?: { readonly digest: Uint8Array; readonly remembered_until: number }
}

/** Claims about the JWT itself (RFC 7519 §4.1); the others are client metadata. */
const ownClaims = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub']

/**
 * The client metadata of a signed request body, verified by a configured issuer's keys. `aud` is the issuer or the
 * registration endpoint. Throws OAuthError `invalid_request`; `temporarily_unavailable` where keys cannot be had.
 */
export async function verifySignedRequest(
  jwt: string,
  now: number,
  server: Server,
): Promise<SignedRequest> {
  const { trust, settings } = server
  const { algorithms, typ, maxAge, requireJti } = settings.signedRequest
  const expected = {
    audience: acceptedAudiences(server, settings.signedRequest),
    types: typ === undefined ? [undefined, 'jwt', 'jose'] : [typ],
    requiredClaims: ['exp', 'aud', 'iat'],
    maxTokenAge: maxAge,
    algorithms,
    now,
  }
  try {
    const { claims, issuer: signer } = await trust.signedRequests(jwt, () => expected)
    const problem = jsonProblem(claims)
    if (problem !== undefined)
      throw new OAuthError('invalid_request', `the signed request ${problem}`)
    const metadata = Object.entries(claims).filter(([name]) => !ownClaims.includes(name))
    const { jti, exp = 0 } = claims
    if (requireJti) checkJti(claims)
    const replay = {
      // Apart from access tokens, of which the issuer may have one with the same jti.
      digest: digestOf(JSON.stringify(['signed_request', signer.issuer, jti])),
      remembered_until: rememberedUntil(exp),
    }
    return { metadata: Object.fromEntries(metadata), ...(typeof jti === 'string' && { replay }) }
  } catch (cause) {
    if (!(cause instanceof UntrustedJwt)) throw cause
    throw new OAuthError('invalid_request', `the signed request is not valid: ${cause.message}`, {
      cause,
    })
  }
}
