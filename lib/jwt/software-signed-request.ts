import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { OAuthError } from '../errors.ts'
import type { Server } from '../server.ts'
import { KeysUnavailable } from './issuer-keys.ts'
import { statedKeys } from './software-keys.ts'
import { type SoftwareStatement, verifySoftwareStatement } from './software-statement.ts'
import { type Expectations, unverifiedClaims, verifyJwt } from './trusted-issuers.ts'

export type VerifiedRequest = {
  readonly claims: JWTPayload
  /** Names whoever signed it: each has `jti` values of its own. */
  readonly signer: readonly unknown[]
  /** The software statement that names the keys. */
  readonly statement?: SoftwareStatement
}

/**
 * Verifies a request that the software itself has signed, by the keys that its statement names (Open Banking UK Dynamic
 * Client Registration 3.3, Consumer Data Right): nothing is fetched before the statement is verified. Throws UntrustedJwt;
 * OAuthError `invalid_software_statement`, `temporarily_unavailable`.
 */
export async function verifyBySoftwareKeys(
  jwt: string,
  expected: Expectations,
  server: Server,
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

/** What the software may call itself as `iss`: by its identifier, or by the client identifier that its directory gave it. */
const names = ({ claims }: SoftwareStatement): readonly string[] =>
  [claims.software_id, claims.software_client_id, claims.client_id].filter(
    (name) => typeof name === 'string',
  )

function keysOf({ claims }: SoftwareStatement, { settings, trust }: Server): JWTVerifyGetKey {
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
