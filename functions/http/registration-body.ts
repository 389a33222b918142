import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type RegistrationBody, verifySignedRequest } from '../../lib/jwt/signed-request.ts'
import type { Server, ServerConfig } from '../../lib/server.ts'
import { hasMediaType, requireMediaType } from './content.ts'
import { bodyText, jsonBody, receivedAt } from './request.ts'

type Ports = ServerConfig & Pick<Server, 'trust'>

/**
 * Reads the client metadata from the body: a JSON object or, if settings.signedRequest configures
 * issuers, the claims of a signed JWT. Throws the OAuthErrors of `jsonBody` and
 * `verifySignedRequest`.
 */
export const registrationBody = async (
  event: APIGatewayProxyEventV2,
  server: Ports,
): Promise<RegistrationBody> => parseRegistrationBody(event, server)()

/**
 * Parses the body like `registrationBody`, which throws if it is malformed, and returns what verifies
 * the signature of a JWT.
 */
export function parseRegistrationBody(
  event: APIGatewayProxyEventV2,
  server: Ports,
): () => Promise<RegistrationBody> {
  const { limits, signedRequest } = server.settings
  const isSigned = hasMediaType(event.headers, 'application/jwt', 'application/jose')
  if (isSigned && signedRequest.issuers.length > 0) {
    const jwt = bodyText(event, limits.body, 'invalid_request').trim()
    return async () => {
      const { metadata: body, ...proof } = await verifySignedRequest(jwt, receivedAt(event), server)
      return { body, signed: true, ...proof }
    }
  }
  if (signedRequest.required) requireMediaType(event.headers, 'application/jwt')
  const body = jsonBody(event, limits.body)
  return async () => ({ body })
}
