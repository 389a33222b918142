import { type JsonObject, ownValue } from '../../json.ts'
import { isOnCurve } from './curve-points.ts'

/** Members that only a private or symmetric key has (RFC 7518 §6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/** Length of a coordinate in octets, by curve (RFC 7518 §6.2.1, RFC 8037 §2, RFC 8812 §3.1). */
const coordinates: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  EC: { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 },
  OKP: { Ed25519: 32, X25519: 32, Ed448: 57, X448: 56 },
}

/** RFC 7517 §4.3: the operations of a public key, by its `use`. The two must be consistent. */
const operations: Readonly<Record<string, readonly string[]>> = {
  sig: ['verify'],
  enc: ['encrypt', 'wrapKey', 'deriveKey', 'deriveBits'],
}

/** RFC 7517 §5: keys of unknown types are ignored. */
export const isKnownType = ({ kty }: JsonObject): boolean =>
  kty === 'RSA' || Object.hasOwn(coordinates, String(kty))

/** Whether a key of any type contains private or secret key material. */
export const isSecret = (key: JsonObject): boolean =>
  key.kty === 'oct' || secretMembers.some((member) => Object.hasOwn(key, member))

/** Checks a public key (RFC 7517 §4). Returns the problem, or undefined if the key is valid. */
export function keyProblem(key: JsonObject): string | undefined {
  if (!['kid', 'alg'].every((name) => key[name] === undefined || isText(key[name])))
    return 'expected kid and alg to be non-empty strings'
  return purposeProblem(key) ?? certificateProblem(key) ?? materialProblem(key)
}

function purposeProblem({ use, key_ops }: JsonObject): string | undefined {
  if (use !== undefined && use !== 'sig' && use !== 'enc') return 'expected use to be sig or enc'
  if (key_ops === undefined) return undefined
  const allowed = use === undefined ? Object.values(operations).flat() : (operations[use] ?? [])
  const known = Array.isArray(key_ops) && key_ops.every((operation) => allowed.includes(operation))
  return known && new Set(key_ops).size === key_ops.length
    ? undefined
    : `expected key_ops to be among ${allowed.join(', ')}, each once`
}

/** RFC 7517 §4.7: an array of certificates in base64, not base64url. */
function certificateProblem({ x5c }: JsonObject): string | undefined {
  if (x5c === undefined) return undefined
  const chain =
    Array.isArray(x5c) && x5c.length > 0 && x5c.every((item) => isText(item) && base64.test(item))
  return chain ? undefined : 'expected x5c to be an array of certificates in base64'
}

function materialProblem(key: JsonObject): string | undefined {
  if (key.kty === 'RSA') return rsaProblem(key)
  const sizes = ownValue(coordinates, String(key.kty)) ?? {}
  const size = typeof key.crv === 'string' ? ownValue(sizes, key.crv) : undefined
  if (size === undefined) return `expected crv to be one of ${Object.keys(sizes).join(', ')}`
  const points = key.kty === 'EC' ? [key.x, key.y] : [key.x]
  if (!points.every((point) => octets(point)?.length === size))
    return `expected coordinates of ${size} octets in base64url`
  return isOnCurve(key) ? undefined : 'expected a point of its curve'
}

function rsaProblem({ n, e }: JsonObject): string | undefined {
  const exponent = octets(e)
  const odd = exponent !== undefined && ((exponent.at(-1) ?? 0) & 1) === 1
  if (!odd || (exponent.length === 1 && exponent[0] === 1) || exponent.length > 8)
    return 'expected an odd e above 1 in base64url'
  const modulus = octets(n)
  const [first = 0] = modulus ?? []
  const bits = modulus && first > 0 ? modulus.length * 8 - (Math.clz32(first) - 24) : 0
  return bits >= 2048 && bits <= 16_384
    ? undefined
    : 'expected an RSA modulus of at least 2048 bits in base64url'
}

const base64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Decodes a base64url string; undefined if the value is not one. */
const octets = (value: unknown): Uint8Array | undefined =>
  isText(value) && /^[\w-]+$/.test(value) && value.length % 4 !== 1
    ? Buffer.from(value, 'base64url')
    : undefined

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
