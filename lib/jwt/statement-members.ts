import { OAuthError } from '../errors.ts'
import { jsonProblem } from '../json.ts'
import type { JsonObject } from '../metadata/parse-client-metadata.ts'
import { isTextMember } from '../metadata/text-member.ts'
import { canonicalMembers } from '../permission/aliases.ts'
import type { Settings } from '../settings/schema.ts'
import { statedKeys } from './software-keys.ts'

/**
 * Claims about the statement itself (RFC 7519 §4.1), and `trusted`, which takes a token with that right; the others are
 * client metadata.
 */
const excludedClaims = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub', 'trusted']

/**
 * RFC 7591 §2.3: the claims of a verified statement that are client metadata, by their registered names. Throws
 * OAuthError `invalid_software_statement` where a claim cannot be used or two of them contradict each other.
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

/** Directories name the keys of a software by claims of their own, and their clients rely on these alone. */
const withKeys = (claims: JsonObject, settings: Settings): JsonObject =>
  (claims.jwks ?? claims.jwks_uri ?? null) === null
    ? { ...claims, ...statedKeys(claims, settings) }
    : claims

/** Directories sign a version as a number: its text is taken, where a member is a text, because nobody can sign it again. */
function numbersAsText(statement: string, claims: JsonObject, settings: Settings): JsonObject {
  const numbers = Object.keys(claims).filter(
    (name) => typeof claims[name] === 'number' && isTextMember(name, settings),
  )
  if (numbers.length === 0) return claims
  const texts = numbersAsWritten(statement)
  return { ...claims, ...Object.fromEntries(numbers.map((name) => [name, texts[name]])) }
}

/** The claims with the digits of each number: 1.10 is another version than 1.1. */
function numbersAsWritten(statement: string): JsonObject {
  const [, payload = ''] = statement.split('.')
  return JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
    (_name, value, context?: { readonly source?: string }) =>
      typeof value === 'number' ? context?.source : value,
  )
}
