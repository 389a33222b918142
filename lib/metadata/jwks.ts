import { Refused, type Rule } from './rule.ts'

/** A JSON Web Key Set of public keys (RFC 7517 §5). */
export type PublicJwks = { readonly keys: readonly Readonly<Record<string, unknown>>[] }

const mostKeys = 20
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/** Octets of a coordinate, by curve (RFC 7518 §6.2.1, RFC 8037 §2). */
const coordinates: Record<string, Record<string, number>> = {
  EC: { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 },
  OKP: { Ed25519: 32, X25519: 32, Ed448: 57, X448: 56 },
}

export const publicJwks: Rule<PublicJwks> = {
  expects: 'a JSON Web Key Set of public keys: {keys: [...]}',
  parse(value) {
    const keys = isObject(value) ? value.keys : undefined
    if (!isObject(value) || !Array.isArray(keys) || keys.length === 0)
      throw new Refused(`expected ${publicJwks.expects}`)
    if (keys.length > mostKeys) throw new Refused(`expected at most ${mostKeys} keys`)
    for (const [index, key] of keys.entries()) {
      const problem = isObject(key) ? keyProblem(key) : 'expected an object'
      if (problem !== undefined) throw new Refused(`key ${index + 1}: ${problem}`)
    }
    const kids = keys
      .map((key: Record<string, unknown>) => key.kid)
      .filter((kid) => kid !== undefined)
    if (new Set(kids).size !== kids.length) throw new Refused('expected each kid once')
    return { ...value, keys }
  },
}

function keyProblem(key: Record<string, unknown>): string | undefined {
  if (key.kty === 'oct') return 'expected a public key, not a symmetric one'
  if (secretMembers.some((member) => Object.hasOwn(key, member)))
    return 'expected a public key, without private members'
  if (key.kid !== undefined && (typeof key.kid !== 'string' || key.kid === ''))
    return 'expected kid to be a non-empty string'
  if (key.kty === 'RSA') return rsaProblem(key)
  const sizes = typeof key.kty === 'string' ? coordinates[key.kty] : undefined
  if (sizes === undefined) return 'expected kty to be RSA, EC or OKP'
  const size =
    typeof key.crv === 'string' && Object.hasOwn(sizes, key.crv) ? sizes[key.crv] : undefined
  if (size === undefined) return `expected crv to be one of ${Object.keys(sizes).join(', ')}`
  const points = key.kty === 'EC' ? [key.x, key.y] : [key.x]
  return points.every((point) => octets(point) === size)
    ? undefined
    : `expected coordinates of ${size} octets in base64url`
}

function rsaProblem({ n, e }: Record<string, unknown>): string | undefined {
  if (octets(e) === 0) return 'expected e in base64url'
  return octets(n) >= 256 ? undefined : 'expected an RSA modulus of at least 2048 bits in base64url'
}

/** Octets that a base64url string stands for; 0 where it is none. */
const octets = (value: unknown): number =>
  typeof value === 'string' && /^[\w-]+$/.test(value) ? Math.floor((value.length * 3) / 4) : 0

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
