import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { OAuthError } from '../errors.ts'
import type { Server, ServerConfig } from '../server.ts'
import { KeysUnavailable } from './issuer-keys.ts'
import { statedKeys } from './software-keys.ts'
import { type SoftwareStatement, verifySoftwareStatement } from './software-statement.ts'
import { type Expectations, unverifiedClaims, verifyJwt } from './trusted-issuers.ts'

export type VerifiedRequest = {
  readonly claims: JWTPayload
  /** Identifies the signer; `jti` values are unique per signer. */
  readonly signer: readonly unknown[]
  /** The software statement that contains or references the keys. */
  readonly statement?: SoftwareStatement
}

/**
 * Verifies a request signed by the software itself, by the keys in its statement (Open Banking UK
 * Dynamic Client Registration 3.3, Consumer Data Right). The statement is verified before anything
 * is fetched. Throws InvalidJwtError, and OAuthError `invalid_software_statement`,
 * `temporarily_unavailable`.
 */
export async function verifyBySoftwareKeys(
  jwt: string,
  expected: Expectations,
  server: ServerConfig & Pick<Server, 'trust'>,
): Promise<VerifiedRequest> {
  const { software_statement } = unverifiedClaims(jwt)
  const sent = { software_statement }
  const statement = await verifySoftwareStatement(sent, undefined, expected.now, server)
  if (statement === undefined) throw invalidStatement('required in a signed request')
  try {
    const claims = await verifyJwt(jwt, keysOf(statement, server), names(statement), expected)
    return { claims, signer: [statement.claims.iss, claims.iss], statement }
  } catch (cause) {
    if (!(cause instanceof KeysUnavailable)) throw cause
    const ports = server.settings.metadata.documentPorts.join(' or ')
    throw invalidStatement(
      `the keys that it names cannot be read as JSON over https on port ${ports} within 2 seconds; try again`,
      cause,
    )
  }
}

/** Accepted `iss` values: the software's id, or the client id that its directory assigned. */
const names = ({ claims }: SoftwareStatement): readonly string[] =>
  [claims.software_id, claims.software_client_id, claims.client_id].filter(
    (name) => typeof name === 'string',
  )

function keysOf(
  { claims }: SoftwareStatement,
  { settings, trust }: Pick<Server, 'settings' | 'trust'>,
): JWTVerifyGetKey {
  try {
    return trust.softwareKeys(statedKeys(claims, settings))
  } catch (cause) {
    const known = settings.softwareStatement.jwksClaims.join(', ')
    throw invalidStatement(
      `expected the keys of the software, or their URL, in one of the claims ${known}`,
      cause,
    )
  }
}

const invalidStatement = (description: string, cause?: unknown) =>
  new OAuthError('invalid_software_statement', `software_statement: ${description}`, { cause })
