import type { RequestLogFields } from './ports/request-log-fields.ts'

/** All error codes: HTTP status, and the `error` on the wire if it differs from the code. */
const oauthErrors = {
  // RFC 7591 §3.2.2
  invalid_redirect_uri: { status: 400 },
  invalid_client_metadata: { status: 400 },
  invalid_software_statement: { status: 400 },
  unapproved_software_statement: { status: 400 },
  // draft-dellaert-oauth-approval-based-dcr-00 §3.3.5
  access_denied: { status: 400 },
  expired_token: { status: 400 },
  invalid_registration: { status: 400 },
  // RFC 6750 §3.1
  invalid_request: { status: 400 },
  invalid_token: { status: 401 },
  insufficient_scope: { status: 403 },
  // RFC 6749 §4.1.2.1
  quota_exhausted: { status: 403, error: 'access_denied' },
  missing_token: { status: 401, error: 'invalid_token' },
  // RFC 7592 §2.1 to §2.3: "If the client does not have permission" to read, update or delete itself
  unapproved_client: { status: 403, error: 'unauthorized_client' },
  // RFC 9110 §15.5
  not_found: { status: 404, error: 'invalid_request' },
  method_not_allowed: { status: 405, error: 'invalid_request' },
  conflict: { status: 409, error: 'invalid_request' },
  content_too_large: { status: 413, error: 'invalid_request' },
  unsupported_media_type: { status: 415, error: 'invalid_request' },
  // RFC 9110 §15.5.21
  idempotency_key_reused: { status: 422, error: 'invalid_request' },
  // RFC 6585 §4
  too_many_requests: { status: 429, error: 'temporarily_unavailable' },
  // RFC 6749 §4.1.2.1
  server_error: { status: 500 },
  temporarily_unavailable: { status: 503 },
} as const satisfies Record<string, { status: number; error?: string }>

export type ErrorCode = keyof typeof oauthErrors

/** The codes that are client errors (4xx), not server errors. */
export const clientErrorCodes = (Object.keys(oauthErrors) as ErrorCode[]).filter(
  (code) => oauthErrors[code].status < 500,
)

type Details = {
  /** HTTP status from the settings that overrides the code's default. */
  readonly status?: number
  /** The scope that the request requires (RFC 6750 §3, `insufficient_scope`). */
  readonly scope?: string
  /** The methods that the resource supports (RFC 9110 §10.2.1, `method_not_allowed`). */
  readonly allow?: readonly string[]
  /** Set if the token was sent in an invalid way (RFC 6750 §3.1, `invalid_request`). */
  readonly challenge?: true
  /** The supported content coding (RFC 9110 §12.5.3, `unsupported_media_type`). */
  readonly acceptEncoding?: string
  /** A client-supplied member name: prefixed to the description in the response, never logged. */
  readonly member?: string
  /** Seconds after which the request may succeed (RFC 9110 §10.2.3, `too_many_requests`). */
  readonly retryAfterSeconds?: number
  /** Name of the policy that rejected the request; its description may repeat client input. */
  readonly policy?: string
  /** What is known about the request that failed, for the log and the metrics. */
  readonly logFields?: RequestLogFields
  readonly cause?: unknown
}

/**
 * An error response: RFC 7591 §3.2.2 Client Registration Error Response, RFC 6750 §3.1 Error Codes.
 * The description is for the client's developer and the log: ASCII, and never repeats client input.
 */
export class OAuthError extends Error {
  readonly code: ErrorCode
  readonly description: string
  readonly details: Details

  constructor(code: ErrorCode, description: string, details: Details = {}) {
    super(`${code}: ${description}`, { cause: details.cause })
    this.name = 'OAuthError'
    this.code = code
    this.description = description
    this.details = details
  }

  get status(): number {
    return this.details.status ?? oauthErrors[this.code].status
  }

  /** The `error` member on the wire. */
  get error(): string {
    const rejection = oauthErrors[this.code]
    return 'error' in rejection ? rejection.error : this.code
  }

  /** The description with the member's name: for the response, never for the log. */
  get responseDescription(): string {
    const { member } = this.details
    return member === undefined ? this.description : `${member}: ${this.description}`
  }
}

/** A dependency of this service is unavailable for a moment. */
export const serviceUnavailable = (cause?: unknown) =>
  new OAuthError('temporarily_unavailable', 'the service is temporarily unavailable; retry later', {
    cause,
  })

/** One error for an unknown registration code and a consumed one. */
export const invalidRegistration = () =>
  new OAuthError('invalid_registration', 'the registration code is unknown or consumed')
