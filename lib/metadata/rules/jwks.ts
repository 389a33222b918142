import { isObject, type JsonObject } from '../../json.ts'
import type { Settings } from '../../settings/schema.ts'
import { checkJsonLimits } from './json-object.ts'
import { isKnownType, isSecret, keyProblem } from './jwk.ts'
import { publicHttpsUri } from './public-uri.ts'
import { InvalidValue, type Rule } from './rule.ts'

/** A JSON Web Key Set of public keys (RFC 7517 §5). */
export type PublicJwks = { readonly keys: readonly JsonObject[] }

const maxKeys = 20
const maxStringLength = 8192

export const publicJwks: Rule<PublicJwks> = {
  expects: 'a JSON Web Key Set of public keys: {keys: [...]}',
  parse(value, settings) {
    const sent = isObject(value) ? value.keys : undefined
    if (!isObject(value) || !Array.isArray(sent) || sent.length === 0)
      throw new InvalidValue(`expected ${publicJwks.expects}`)
    if (sent.length > maxKeys) throw new InvalidValue(`expected at most ${maxKeys} keys`)
    checkJsonLimits(value, maxStringLength)
    const keys = sent.filter((key, index) => isUnderstood(key, index, settings))
    checkTogether(keys)
    return keys.length === 0 ? undefined : { ...value, keys }
  },
}

/**
 * RFC 7517 §5: "Implementations SHOULD ignore JWKs within a JWK Set that use "kty" … values that
 * are not understood".
 */
function isUnderstood(key: unknown, index: number, settings: Settings): key is JsonObject {
  const reject = (problem: string) => {
    throw new InvalidValue(`key ${index + 1}: ${problem}`)
  }
  if (!isObject(key) || typeof key.kty !== 'string') return reject('expected an object with kty')
  if (isSecret(key)) return reject('expected a public key, without private members')
  if (!isKnownType(key)) return false
  const problem = keyProblem(key) ?? certificateUriProblem(key, settings)
  return problem === undefined || reject(problem)
}

/** RFC 7517 §4.6: servers fetch the certificate from this URI. */
function certificateUriProblem({ x5u }: JsonObject, settings: Settings): string | undefined {
  try {
    if (x5u !== undefined) publicHttpsUri.parse(x5u, settings)
    return undefined
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error
    return `x5u: ${error.message}`
  }
}

/**
 * RFC 7517 §4.5: `kid` values must be distinct. OpenID Connect Dynamic Client Registration 1.0 §2:
 * `use` is required if keys have different uses.
 */
function checkTogether(keys: readonly JsonObject[]): void {
  const kids = keys.map(({ kid }) => kid).filter((kid) => kid !== undefined)
  if (new Set(kids).size !== kids.length) throw new InvalidValue('expected each kid once')
  const uses = new Set(keys.map(({ use }) => use))
  if (uses.has('sig') && uses.has('enc') && uses.has(undefined))
    throw new InvalidValue('expected use on every key where some sign and some encrypt')
}
