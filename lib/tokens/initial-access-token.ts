import { generateBytes, randomBase64url, sha256, tokenBytes } from './token.ts'

/** How a registration spends its initial access token. */
export type Consumption = 'on_success' | 'on_attempt' | 'never'

/**
 * RFC 7591 §1.2: a token that lets its bearer register, as it is stored (the id apart, which is its key).
 * The way it is consumed stands in the first letter of its id, so that one look at the token tells it.
 */
export type InitialAccessToken = {
  readonly id: string
  readonly token_digest: Uint8Array
  /** Unix seconds. */
  readonly issued_at: number
  /** Unix seconds. */
  readonly expires_at: number
  /** Registrations it is good for, and how many are left; left out where it is never consumed. */
  readonly max_uses?: number
  readonly uses_left?: number
  /** Space-separated scope tokens. */
  readonly scope: string
  readonly sub?: string
  readonly client_id?: string
  readonly audience?: readonly string[]
  /** Policies that govern what is registered with it, in this order. */
  readonly policies?: readonly string[]
  /** Unix seconds of the last registration that spent it. */
  readonly last_used_at?: number
}

const idPrefix = { on_success: 's', on_attempt: 'a', never: 'n' } as const
const consumptions: Record<string, Consumption> = { s: 'on_success', a: 'on_attempt', n: 'never' }

const tokenPattern = /^iat_([san][0-9a-f]{20})_[\w-]{43}$/
const idPattern = /^[san][0-9a-f]{20}$/

/** Draws an initial access token, `iat_<id>_<secret>`, and its id. */
export function generateInitialAccessToken(consumed: Consumption) {
  const id = `${idPrefix[consumed]}${Buffer.from(generateBytes(10)).toString('hex')}`
  const token = `iat_${id}_${randomBase64url(tokenBytes)}`
  return { id, token, token_digest: sha256(token) }
}

/** The id in an initial access token's value, or undefined where the bearer cannot be one. */
export const initialAccessTokenId = (bearer: string): string | undefined =>
  tokenPattern.exec(bearer)?.[1]

export const isInitialAccessTokenId = (id: string): boolean => idPattern.test(id)

/** How the token with this id is consumed. */
export const parseConsumption = (id: string): Consumption =>
  consumptions[id.charAt(0)] ?? 'on_attempt'
