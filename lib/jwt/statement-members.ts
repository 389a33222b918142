import { OAuthError } from '../errors.ts'
import { type JsonObject, jsonProblem } from '../json.ts'
import { isTextMember } from '../metadata/text-member.ts'
import { canonicalMembers } from '../permission/aliases.ts'
import type { Settings } from '../settings/schema.ts'
import { statedKeys } from './software-keys.ts'

/**
 * Claims about the statement itself (RFC 7519 §4.1), and `trusted`, which requires a token with the
 * trusted scope. All other claims are client metadata.
 */
const excludedClaims = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub', 'trusted']

/**
 * RFC 7591 §2.3: the client metadata claims of a verified statement, by registered name. Throws
 * OAuthError `invalid_software_statement` if a claim is invalid, or if two claims conflict.
 */
export function statementMembers(
  statement: string,
  claims: JsonObject,
  settings: Settings,
): JsonObject {
  const problem = jsonProblem(claims, 'the payload')
  if (problem !== undefined)
    throw new OAuthError('invalid_software_statement', `software_statement: ${problem}`)
  const members = Object.entries(claims).filter(([name]) => !excludedClaims.includes(name))
  const read = numbersAsText(statement, Object.fromEntries(members), settings)
  return canonicalMembers(withKeys(read, settings), settings, 'invalid_software_statement')
}

/** Directories use their own claims for a software's keys, and their clients send no others. */
const withKeys = (claims: JsonObject, settings: Settings): JsonObject =>
  (claims.jwks ?? claims.jwks_uri ?? null) === null
    ? { ...claims, ...statedKeys(claims, settings) }
    : claims

/** Some directories sign a version as a number; a client cannot change that, so use its text. */
function numbersAsText(statement: string, claims: JsonObject, settings: Settings): JsonObject {
  const numbers = Object.keys(claims).filter(
    (name) => typeof claims[name] === 'number' && isTextMember(name, settings),
  )
  if (numbers.length === 0) return claims
  const texts = numbersAsWritten(statement)
  return { ...claims, ...Object.fromEntries(numbers.map((name) => [name, texts[name]])) }
}

/** Preserves the digits of each number as signed: version 1.10 differs from 1.1. */
function numbersAsWritten(statement: string): JsonObject {
  const [, payload = ''] = statement.split('.')
  return JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
    (_name, value, context?: { readonly source?: string }) =>
      typeof value === 'number' ? context?.source : value,
  )
}
