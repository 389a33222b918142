import { setTimeout as pause } from 'node:timers/promises'
import { type AwsCredentials, signedHeaders } from '../../lib/adapters/signature-v4.ts'
import { isObject } from '../../lib/json.ts'
import type { CognitoSettings } from '../../lib/settings/connector-settings.ts'
import { sendAdminRequest } from './admin-api.ts'

/** An error of Cognito's API, by its type, such as `ResourceNotFoundException`. */
export class CognitoError extends Error {
  readonly type: string

  constructor(operation: string, type: string) {
    super(`cognito: ${operation}: ${type}`)
    this.name = 'CognitoError'
    this.type = type
  }
}

export type CognitoCall = (
  operation: string,
  input: object,
  signal?: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>

/** Pauses in milliseconds before a call that was throttled is repeated. */
const pauses = [200, 600]

/**
 * Calls operations of Cognito's API for one user pool (AWS JSON 1.1). Repeats a call that Cognito
 * throttled or failed. The AWS SDK's client would be in the bundle of every registration.
 */
export function cognitoApi(
  { userPoolArn, endpoint }: Pick<CognitoSettings, 'userPoolArn' | 'endpoint'>,
  credentials: () => AwsCredentials,
): CognitoCall {
  const [, partition, , region = '', , pool = ''] = userPoolArn.split(':')
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
  const url = `${endpoint ?? `https://cognito-idp.${region}.${suffix}`}/`
  const { host, pathname: path } = new URL(url)
  const UserPoolId = pool.slice('userpool/'.length)

  async function send(operation: string, body: object, signal: AbortSignal | undefined) {
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    }
    const text = JSON.stringify(body)
    const request = { path, headers, body: text, service: 'cognito-idp', region, now: new Date() }
    const signed = signedHeaders(request, credentials())
    const response = await sendAdminRequest({ method: 'POST', url, headers: signed, body, signal })
    const answer = isObject(response.body) ? response.body : {}
    if (response.status === 200) return answer
    // The type may have a namespace before it.
    const type = String(answer.__type ?? response.status).replace(/^.*#/, '')
    throw new CognitoError(operation, response.status >= 500 ? String(response.status) : type)
  }

  return async (operation, input, signal) => {
    const body = { UserPoolId, ...input }
    for (const milliseconds of pauses) {
      try {
        return await send(operation, body, signal)
      } catch (error) {
        if (!isTemporary(error)) throw error
        await pause(milliseconds, undefined, signal && { signal })
      }
    }
    return send(operation, body, signal)
  }
}

/** A creation that failed may have taken effect: nobody knows its identifier, and a night removes it. */
const isTemporary = (error: unknown) =>
  error instanceof CognitoError &&
  /^5|TooManyRequests|Throttling|ConcurrentModification/.test(error.type)
