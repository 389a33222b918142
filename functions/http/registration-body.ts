import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { JsonObject } from '../../lib/json.ts'
import { type SignedRequest, verifySignedRequest } from '../../lib/jwt/signed-request.ts'
import type { Server, ServerConfig } from '../../lib/server.ts'
import { hasMediaType, requireMediaType } from './content.ts'
import { bodyText, jsonBody, receivedAt } from './request.ts'

type RegistrationBody = {
  readonly body: JsonObject
  /**
   * Whether a configured issuer, or the software identified by the software statement, signed it.
   */
  readonly signed?: true
} & Pick<SignedRequest, 'replay' | 'statement'>

/**
 * Reads the client metadata from the body: a JSON object or, if settings.signedRequest configures
 * issuers, the claims of a signed JWT. Throws the OAuthErrors of `jsonBody` and
 * `verifySignedRequest`.
 */
export async function registrationBody(
  event: APIGatewayProxyEventV2,
  server: ServerConfig & Pick<Server, 'trust'>,
): Promise<RegistrationBody> {
  const { limits, signedRequest } = server.settings
  const isSigned = hasMediaType(event.headers, 'application/jwt', 'application/jose')
  if (isSigned && signedRequest.issuers.length > 0) {
    const { metadata: body, ...proof } = await verifySignedRequest(
      bodyText(event, limits.body, 'invalid_request').trim(),
      receivedAt(event),
      server,
    )
    return { body, signed: true, ...proof }
  }
  if (signedRequest.required) requireMediaType(event.headers, 'application/jwt')
  return { body: jsonBody(event, limits.body) }
}
