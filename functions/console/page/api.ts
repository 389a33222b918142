import { dropToken, keepToken, keptToken } from './kept-token.ts'

/**
 * The operator's token. It is held in memory only, unless the operator chose to keep it in this
 * tab's session storage.
 */
let token: string | undefined = keptToken()

export const isSignedIn = (): boolean => token !== undefined

export function forgetToken(): void {
  token = undefined
  dropToken()
}

/**
 * An HTTP error response, or a network error (status 0). The message is shown to the operator.
 */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type SignIn = {
  readonly candidate: string
  /** Whether the token survives a reload of this tab. */
  readonly keep: boolean
}

/**
 * Validates a token with a minimal request and stores it if the service accepts it. Throws
 * ApiError.
 */
export async function signIn({ candidate, keep }: SignIn): Promise<void> {
  // The b64token syntax of RFC 6750 §2.1. `fetch` may throw on other characters in a header.
  if (!/^[\w\-.~+/]+=*$/.test(candidate)) throw new ApiError(401, 'This is not a token.')
  await send('GET', 'clients?limit=1', undefined, candidate)
  token = candidate
  if (keep) keepToken(candidate)
}

/**
 * Calls the service and parses the JSON response. The path is relative, so that the page works
 * under any base path. Throws ApiError.
 */
export async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await send(method, path, body, token)
  return response.json()
}

/** Deletes the resource at this path; the response has no body. Throws ApiError. */
export async function remove(path: string): Promise<void> {
  await send('DELETE', path, undefined, token)
}

async function send(method: string, path: string, body?: object, bearer = ''): Promise<Response> {
  const response = await fetch(path, {
    method,
    cache: 'no-store',
    credentials: 'omit',
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(0, 'The service cannot be reached. Check the connection and try again.')
  })
  if (response.ok) return response
  throw new ApiError(response.status, await words(response))
}

const known: Readonly<Record<number, string>> = {
  401: 'The service does not accept this token.',
  403: 'This token may not do that.',
  429: 'Too many requests at the moment. Wait a little and try again.',
  503: 'The service is busy. Wait a little and try again.',
}

/**
 * The message for an error response: our own text if the operator can act on the error, otherwise
 * the service's `error_description`.
 */
async function words(response: Response): Promise<string> {
  const { error, error_description } = await response.json().catch(() => ({}))
  if (error === 'insufficient_scope') return 'This token does not have the admin scope.'
  const sentence = known[response.status]
  if (sentence !== undefined) return sentence
  return typeof error_description === 'string'
    ? `The service rejected: ${error_description}.`
    : `The service answered ${response.status}.`
}
