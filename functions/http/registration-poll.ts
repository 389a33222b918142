import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { OAuthError } from '../../lib/errors.ts'
import type { ServerConfig } from '../../lib/server.ts'
import { hasMediaType } from './content.ts'
import { jsonBody } from './request.ts'

/**
 * draft-dellaert-oauth-approval-based-dcr-00 §3.3.1, §3.4: a poll or a cancellation is distinguished
 * from a registration by its `registration_code`. Undefined for a registration, and if the settings
 * defer none. Throws the OAuthErrors of `jsonBody`, and `invalid_request`.
 */
export function registrationPoll(event: APIGatewayProxyEventV2, { settings }: ServerConfig) {
  if (settings.approval !== 'draft' || !hasMediaType(event.headers, 'application/json'))
    return undefined
  const body = jsonBody(event, settings.limits.body)
  if (!Object.hasOwn(body, 'registration_code')) return undefined
  const { registration_code, cancel_registration = false } = body
  if (typeof cancel_registration !== 'boolean')
    throw new OAuthError('invalid_request', 'cancel_registration: expected true or false')
  return { registration_code, cancels: cancel_registration }
}
