import { generateBytes, randomBase64url, sha256, tokenBytes } from './token.ts'

/** When a registration consumes its initial access token. */
export type Consumption = 'on_success' | 'on_attempt' | 'never'

/**
 * RFC 7591 §1.2: a stored token that authorizes registration. The first letter of its id encodes
 * when it is consumed, so that this is known without a database read.
 */
export type InitialAccessToken = {
  readonly id: string
  readonly token_digest: Uint8Array
  /** Unix seconds. */
  readonly issued_at: number
  /** Unix seconds. */
  readonly expires_at: number
  /** Maximum and remaining registrations; omitted if the token is never consumed. */
  readonly max_uses?: number
  readonly uses_left?: number
  /** Space-separated scope tokens. */
  readonly scope: string
  readonly sub?: string | undefined
  readonly client_id?: string | undefined
  readonly audience?: readonly string[] | undefined
  /** Policies that apply to clients registered with it, in this order. */
  readonly policies?: readonly string[] | undefined
  /** Unix seconds of the last registration that consumed a use. */
  readonly last_used_at?: number
}

const idPrefix = { on_success: 's', on_attempt: 'a', never: 'n' } as const
const consumptions: Record<string, Consumption> = { s: 'on_success', a: 'on_attempt', n: 'never' }

const tokenPattern = /^iat_([san][0-9a-f]{20})_[\w-]{43}$/
const idPattern = /^[san][0-9a-f]{20}$/

/** Generates an initial access token, `iat_<id>_<secret>`, with its id and SHA-256 digest. */
export function generateInitialAccessToken(consumed: Consumption) {
  const id = `${idPrefix[consumed]}${Buffer.from(generateBytes(10)).toString('hex')}`
  const token = `iat_${id}_${randomBase64url(tokenBytes)}`
  return { id, token, token_digest: sha256(token) }
}

/** Extracts the id from an initial access token; undefined if the bearer has another format. */
export const initialAccessTokenId = (bearer: string): string | undefined =>
  tokenPattern.exec(bearer)?.[1]

export const isInitialAccessTokenId = (id: string): boolean => idPattern.test(id)

/** Parses from a token's id when it is consumed. */
export const parseConsumption = (id: string): Consumption =>
  consumptions[id.charAt(0)] ?? 'on_attempt'
