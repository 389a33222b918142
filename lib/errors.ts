/** Every refusal this service knows: its HTTP status, and its `error` on the wire where that differs from its name. */
const oauthErrors = {
  // RFC 7591 §3.2.2
  invalid_redirect_uri: { status: 400 },
  invalid_client_metadata: { status: 400 },
  invalid_software_statement: { status: 400 },
  unapproved_software_statement: { status: 400 },
  // RFC 6750 §3.1
  invalid_request: { status: 400 },
  invalid_token: { status: 401 },
  insufficient_scope: { status: 403 },
  missing_token: { status: 401, error: 'invalid_token' },
  // RFC 9110 §15.5
  not_found: { status: 404, error: 'invalid_request' },
  method_not_allowed: { status: 405, error: 'invalid_request' },
  content_too_large: { status: 413, error: 'invalid_request' },
  unsupported_media_type: { status: 415, error: 'invalid_request' },
  // RFC 6585 §4
  too_many_requests: { status: 429, error: 'temporarily_unavailable' },
  // RFC 6749 §4.1.2.1
  server_error: { status: 500 },
  temporarily_unavailable: { status: 503 },
} as const satisfies Record<string, { status: number; error?: string }>

export type ErrorCode = keyof typeof oauthErrors

/** The codes that are the sender's doing, not a fault of ours. */
export const clientErrorCodes = (Object.keys(oauthErrors) as ErrorCode[]).filter(
  (code) => oauthErrors[code].status < 500,
)

type Details = {
  /** Status that a setting prescribes instead of the code's own. */
  readonly status?: number
  /** The scope that would have been enough (RFC 6750 §3, `insufficient_scope`). */
  readonly scope?: string
  /** The methods that the resource knows (RFC 9110 §10.2.1, `method_not_allowed`). */
  readonly allow?: readonly string[]
  /** Whether the way the token was sent is at fault (RFC 6750 §3.1, `invalid_request`). */
  readonly challenge?: true
  /** The content coding that is understood, where another was sent (RFC 9110 §12.5.3, `unsupported_media_type`). */
  readonly acceptEncoding?: string
  /** A name that the sender chose: told to the sender before the description, and to nobody else. */
  readonly member?: string
  /** Seconds after which the request may succeed (RFC 9110 §10.2.3, `too_many_requests`). */
  readonly retryAfterSeconds?: number
  /** Name of the policy that refuses, whose description may repeat what was sent. */
  readonly policy?: string
  readonly cause?: unknown
}

/**
 * A refusal: RFC 7591 §3.2.2 Client Registration Error Response, RFC 6750 §3.1 Error Codes.
 * The description is for the client's developer and the log: ASCII, never a repetition of what was sent.
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
    const refusal = oauthErrors[this.code]
    return 'error' in refusal ? refusal.error : this.code
  }
}
