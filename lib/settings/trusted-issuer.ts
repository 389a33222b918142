import type { JSONWebKeySet } from 'jose'
import * as v from 'valibot'
import { isObject } from '../json.ts'
import { signatures } from '../metadata/rules/algorithms.ts'
import { isSecret } from '../metadata/rules/jwk.ts'
import { setting } from './setting.ts'
import { group, serverUrl } from './values.ts'

const isPublicKey = (key: unknown): boolean =>
  isObject(key) && typeof key.kty === 'string' && !isSecret(key)

const publicJwks = v.custom<JSONWebKeySet>(
  (value) =>
    isObject(value) &&
    Array.isArray(value.keys) &&
    value.keys.length > 0 &&
    value.keys.every(isPublicKey),
  'expected a JSON Web Key Set of public keys: {keys: [...]}',
)

/**
 * A trusted issuer of JWTs: its identifier, and its keys by value (`jwks`) or by URL (`jwksUri`).
 */
export function issuerKeys<Entries extends v.ObjectEntries>(entries: Entries) {
  const issuer = v.pipe(v.string(), v.nonEmpty('expected the value of the iss claim'))
  return v.pipe(
    group({ issuer, jwks: v.optional(publicJwks), jwksUri: v.optional(serverUrl), ...entries }),
    v.check(
      (value) => isObject(value) && 'jwks' in value !== 'jwksUri' in value,
      'expected either jwks or jwksUri',
    ),
  )
}

/** The accepted JWS algorithms: never none and never a symmetric one (RFC 8725 §3.1, §3.2). */
export const jwsAlgorithms = setting(
  'accepted signature algorithms',
  v.pipe(v.array(v.picklist(signatures)), v.minLength(1, 'expected at least one algorithm')),
  ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
)
