import { checkStorable, isObject, type JsonObject } from './free-json.ts'
import { Refused, type Rule } from './rule.ts'

/** A JSON Web Key Set of public keys (RFC 7517 §5). */
export type PublicJwks = { readonly keys: readonly JsonObject[] }

const mostKeys = 20
const longestString = 8192
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/** Octets of a coordinate, by curve (RFC 7518 §6.2.1, RFC 8037 §2, RFC 8812 §3.1). */
const coordinates: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  EC: { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 },
  OKP: { Ed25519: 32, X25519: 32, Ed448: 57, X448: 56 },
}

/** RFC 7517 §4.3: what a public key can do, by its `use` (§4.2: the two must agree). */
const operations: Readonly<Record<string, readonly string[]>> = {
  sig: ['verify'],
  enc: ['encrypt', 'wrapKey', 'deriveKey', 'deriveBits'],
}

export const publicJwks: Rule<PublicJwks> = {
  expects: 'a JSON Web Key Set of public keys: {keys: [...]}',
  parse(value) {
    const keys = isObject(value) ? value.keys : undefined
    if (!isObject(value) || !Array.isArray(keys) || keys.length === 0)
      throw new Refused(`expected ${publicJwks.expects}`)
    if (keys.length > mostKeys) throw new Refused(`expected at most ${mostKeys} keys`)
    checkStorable(value, longestString)
    for (const [index, key] of keys.entries()) {
      const problem = isObject(key) ? keyProblem(key) : 'expected an object'
      if (problem !== undefined) throw new Refused(`key ${index + 1}: ${problem}`)
    }
    checkTogether(keys)
    return { ...value, keys }
  },
}

/** RFC 7517 §4.5: distinct `kid` values; OpenID Connect Dynamic Client Registration 1.0 §2: `use`, where uses differ. */
function checkTogether(keys: readonly JsonObject[]): void {
  const kids = keys.map(({ kid }) => kid).filter((kid) => kid !== undefined)
  if (new Set(kids).size !== kids.length) throw new Refused('expected each kid once')
  const uses = new Set(keys.map(({ use }) => use))
  if (uses.has('sig') && uses.has('enc') && uses.has(undefined))
    throw new Refused('expected use on every key where some sign and some encrypt')
}

function keyProblem(key: JsonObject): string | undefined {
  if (key.kty === 'oct') return 'expected a public key, not a symmetric one'
  if (secretMembers.some((member) => Object.hasOwn(key, member)))
    return 'expected a public key, without private members'
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

/** RFC 7517 §4.7: an array of certificates, each in base64 (not base64url). */
function certificateProblem({ x5c }: JsonObject): string | undefined {
  if (x5c === undefined) return undefined
  const chain =
    Array.isArray(x5c) && x5c.length > 0 && x5c.every((item) => isText(item) && base64.test(item))
  return chain ? undefined : 'expected x5c to be an array of certificates in base64'
}

function materialProblem(key: JsonObject): string | undefined {
  if (key.kty === 'RSA') return rsaProblem(key)
  const sizes = typeof key.kty === 'string' ? own(coordinates, key.kty) : undefined
  if (sizes === undefined) return 'expected kty to be RSA, EC or OKP'
  const size = typeof key.crv === 'string' ? own(sizes, key.crv) : undefined
  if (size === undefined) return `expected crv to be one of ${Object.keys(sizes).join(', ')}`
  const points = key.kty === 'EC' ? [key.x, key.y] : [key.x]
  return points.every((point) => octets(point)?.length === size)
    ? undefined
    : `expected coordinates of ${size} octets in base64url`
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

/** The octets that a base64url string stands for, or undefined where it is none. */
const octets = (value: unknown): Uint8Array | undefined =>
  isText(value) && /^[\w-]+$/.test(value) && value.length % 4 !== 1
    ? Buffer.from(value, 'base64url')
    : undefined

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
