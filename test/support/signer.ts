import { createHmac, generateKeyPairSync, randomUUID, sign as signBytes } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import { now } from './clients.ts'

/** Signs JWTs with any header and any claims, including those that a library rejects. Undefined members are omitted. */
export type Signer = {
  readonly issuer: string
  readonly jwks: JSONWebKeySet
  /** A JWT that is issued now and good for five minutes, unless the claims say otherwise. */
  sign(claims?: object | string, header?: object): string
  /** RFC 9068 §2: an access token for the registration endpoint, with the scope to register. */
  accessToken(claims?: object, header?: object): string
  /** RFC 8725 §2.1: the same claims under a MAC whose key is the public key. */
  mac(claims?: object, header?: object): string
}

/** Times of a JWT that is issued now and good for five minutes. */
export const fresh = { iat: now, exp: now + 300 }

const encoded = (part: object | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** A JWT as text, whatever it is worth. */
export const compact = (header: object | string, claims: object | string, signature = '') =>
  [encoded(header), encoded(claims), encoded(signature)].join('.')

/** An issuer with a key of its own. */
export function signer(issuer = 'https://issuer.example'): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }

  function sign(claims: object | string = {}, header: object = {}) {
    const payload = typeof claims === 'string' ? claims : { iss: issuer, ...fresh, ...claims }
    const input = `${encoded({ alg: 'ES256', kid: 'one', ...header })}.${encoded(payload)}`
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
    return `${input}.${signBytes('sha256', Buffer.from(input), key).toString('base64url')}`
  }

  return {
    issuer,
    jwks: { keys: [{ ...jwk, kty: 'EC' }] },
    sign,
    accessToken: (claims, header) =>
      sign(
        {
          aud: 'https://as.example/register',
          sub: 'alice',
          scope: 'client-reg',
          jti: randomUUID(),
          ...claims,
        },
        { typ: 'at+jwt', ...header },
      ),
    mac(claims = {}, header = {}) {
      const input = `${encoded({ alg: 'HS256', kid: 'one', ...header })}.${encoded({ iss: issuer, ...fresh, ...claims })}`
      const key = publicKey.export({ format: 'pem', type: 'spki' })
      return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
    },
  }
}

/** The order of P-256 (SEC 2 §2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The same ES256 JWT with another valid signature: (r, n − s) instead of (r, s). */
export function withOtherSignature(jwt: string): string {
  const [header, claims, signature = ''] = jwt.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  const other = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex')
  const otherSignature = Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url')
  return [header, claims, otherSignature].join('.')
}
