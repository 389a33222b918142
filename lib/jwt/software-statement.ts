import { decodeJwt, type JWTPayload } from 'jose'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../metadata/parse-client-metadata.ts'
import type { Server } from '../server.ts'
import { acceptedAudiences } from './accepted-audiences.ts'
import { statementMembers } from './statement-members.ts'
import { InvalidJwtError } from './trusted-issuers.ts'

/** RFC 7591 §2.3: a software statement that is verified. */
export type SoftwareStatement = {
  readonly claims: JWTPayload
  /** Those of its claims that are client metadata, by their registered names, and itself as it was sent. */
  readonly members: JsonObject & { readonly software_statement: string }
}

/** Characters of the longest statement that is looked at. */
const maxLength = 16_384

/**
 * Verifies the software statement of a request (RFC 7591 §2.3, §3.1.1); `known` is one that was verified before.
 * Throws OAuthError `invalid_software_statement`, also where none was sent although one is required, and
 * `temporarily_unavailable` where keys cannot be had.
 */
export async function verifySoftwareStatement(
  { software_statement: statement }: JsonObject,
  registeredStatement: string | undefined,
  now: number,
  server: Server,
): Promise<SoftwareStatement | undefined> {
  const { settings, trust } = server
  const { required, issuers, algorithms, requiredClaims, typ } = settings.softwareStatement
  if (statement === undefined || statement === null) {
    if (required)
      throw new OAuthError('invalid_software_statement', 'software_statement: required here')
    return undefined
  }
  // "A software statement … may be ignored by the authorization server" where nobody is trusted to make one.
  if (issuers.length === 0) return undefined
  if (statement === registeredStatement && registeredStatement !== undefined)
    return verifiedBefore(registeredStatement, settings)
  if (typeof statement !== 'string' || statement.length > maxLength)
    throw new OAuthError(
      'invalid_software_statement',
      'software_statement: expected a signed JWT in compact form',
    )
  try {
    const types = typ === undefined ? [undefined, 'jwt'] : [typ]
    const expected = { types, algorithms, requiredClaims, now }
    const { claims } = await trust.softwareStatements(statement, () => expected)
    checkAudience(claims, server)
    return toSoftwareStatement(claims, statement, settings)
  } catch (cause) {
    if (!(cause instanceof InvalidJwtError)) throw cause
    throw new OAuthError(
      'invalid_software_statement',
      `software_statement: not a valid JWT of a trusted issuer: ${cause.message}`,
      { cause },
    )
  }
}

/** What a statement says that is registered: it was verified then. */
export const statedMembers = (
  registeredStatement: string,
  settings: Server['settings'],
): SoftwareStatement['members'] => verifiedBefore(registeredStatement, settings).members

const verifiedBefore = (
  registeredStatement: string,
  settings: Server['settings'],
): SoftwareStatement =>
  toSoftwareStatement(decodeJwt(registeredStatement), registeredStatement, settings)

/** RFC 7519 §4.1.3: a statement that names whom it is for is for nobody else; most name nobody. */
function checkAudience({ aud }: JWTPayload, server: Server): void {
  const accepted = acceptedAudiences(server, server.settings.softwareStatement)
  if (aud !== undefined && ![aud].flat().some((name) => accepted.includes(name)))
    throw new InvalidJwtError('its aud names another server')
}

const toSoftwareStatement = (
  claims: JWTPayload,
  software_statement: string,
  settings: Server['settings'],
): SoftwareStatement => ({
  claims,
  members: { ...statementMembers(software_statement, claims, settings), software_statement },
})
