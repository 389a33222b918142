/** RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2: signatures verified with a public key. */
export const signatures = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** RFC 7518 §3.2: MACs with a shared secret. */
export const hmacs = ['HS256', 'HS384', 'HS512'] as const

/**
 * RFC 7518 §4: key management with a public key. RSA1_5 is supported only if it is listed
 * explicitly.
 */
export const publicKeyEncryption = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
] as const

/** RFC 7518 §4: key management with a shared secret. */
export const secretKeyEncryption = [
  'A128KW',
  'A192KW',
  'A256KW',
  'A128GCMKW',
  'A192GCMKW',
  'A256GCMKW',
  'dir',
] as const

/** RFC 7518 §5.1 */
export const contentEncryption = [
  'A128CBC-HS256',
  'A192CBC-HS384',
  'A256CBC-HS512',
  'A128GCM',
  'A192GCM',
  'A256GCM',
] as const

const symmetric = new Set<string>([...hmacs, ...secretKeyEncryption])

/**
 * Whether the algorithm uses a client secret instead of a key pair (OpenID Connect Core 1.0 §10).
 */
export const isSymmetric = (alg: string): boolean => symmetric.has(alg)

/** Min entropy of the secret in bytes, by MAC algorithm (RFC 7518 §3.2). */
export const secretBytes: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 }

const curves: Readonly<Record<string, readonly string[]>> = {
  ES256: ['P-256'],
  ES384: ['P-384'],
  ES512: ['P-521'],
  EdDSA: ['Ed25519', 'Ed448'],
  Ed25519: ['Ed25519'],
}
const keyAgreementCurves = ['P-256', 'P-384', 'P-521', 'X25519', 'X448']

/**
 * Whether a key has the type that an algorithm requires and is not reserved for another purpose.
 */
export function isSuitableKey(key: Readonly<Record<string, unknown>>, alg: string): boolean {
  const signs = alg in curves || /^[RP]S\d/.test(alg)
  if (key.use !== undefined && key.use !== (signs ? 'sig' : 'enc')) return false
  if (key.alg !== undefined && key.alg !== alg) return false
  if (alg.startsWith('RS') || alg.startsWith('PS')) return key.kty === 'RSA'
  const suitable = alg.startsWith('ECDH-ES') ? keyAgreementCurves : curves[alg]
  return suitable === undefined || (typeof key.crv === 'string' && suitable.includes(key.crv))
}
