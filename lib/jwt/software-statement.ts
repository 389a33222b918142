import { decodeJwt, type JWTPayload } from 'jose'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Server, ServerConfig } from '../server.ts'
import type { Settings } from '../settings/schema.ts'
import { acceptedAudiences } from './accepted-audiences.ts'
import { statementMembers } from './statement-members.ts'
import { InvalidJwtError } from './trusted-issuers.ts'

/** RFC 7591 §2.3: a verified software statement. */
export type SoftwareStatement = {
  readonly claims: JWTPayload
  /** Its client metadata claims, by registered name, and the statement itself, unchanged. */
  readonly members: JsonObject & { readonly software_statement: string }
}

/** Maximum length of a statement in characters. */
const maxLength = 16_384

/**
 * Verifies the software statement of a request (RFC 7591 §2.3, §3.1.1). `registeredStatement` was
 * verified at registration and is not verified again. Throws OAuthError
 * `invalid_software_statement`, also if a required statement is missing, and
 * `temporarily_unavailable` if the issuer's keys are unavailable.
 */
export async function verifySoftwareStatement(
  { software_statement: statement }: JsonObject,
  registeredStatement: string | undefined,
  now: number,
  server: ServerConfig & Pick<Server, 'trust'>,
): Promise<SoftwareStatement | undefined> {
  const { settings, trust } = server
  const { required, issuers, algorithms, requiredClaims, typ } = settings.softwareStatement
  if (statement === undefined || statement === null) {
    if (required)
      throw new OAuthError('invalid_software_statement', 'software_statement: required here')
    return undefined
  }
  // Without trusted issuers, "A software statement … may be ignored by the authorization server".
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

/** Returns the members of a registered statement, which was verified at registration. */
export const statedMembers = (
  registeredStatement: string,
  settings: Settings,
): SoftwareStatement['members'] => verifiedBefore(registeredStatement, settings).members

const verifiedBefore = (registeredStatement: string, settings: Settings): SoftwareStatement =>
  toSoftwareStatement(decodeJwt(registeredStatement), registeredStatement, settings)

/** RFC 7519 §4.1.3: rejects a statement for another audience; most statements have no `aud`. */
function checkAudience({ aud }: JWTPayload, server: ServerConfig): void {
  const accepted = acceptedAudiences(server, server.settings.softwareStatement)
  if (aud !== undefined && ![aud].flat().some((name) => accepted.includes(name)))
    throw new InvalidJwtError('its aud names another server')
}

const toSoftwareStatement = (
  claims: JWTPayload,
  software_statement: string,
  settings: Settings,
): SoftwareStatement => ({
  claims,
  members: { ...statementMembers(software_statement, claims, settings), software_statement },
})
