import { hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/** Random bytes in every token. */
export const tokenBytes = 32

/** Random bytes as base64url; only this file calls the random number generator. */
export const randomBase64url = (bytes: number): string => randomBytes(bytes).toString('base64url')

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Number of letters and digits that are at least as random as this number of bytes. */
export const alphanumericLength = (bytes: number): number =>
  Math.ceil((bytes * 8) / Math.log2(alphanumeric.length))

/** Random letters and digits, each equally likely, that are as random as this number of bytes. */
export const randomAlphanumeric = (bytes: number): string =>
  Array.from(
    { length: alphanumericLength(bytes) },
    () => alphanumeric[randomInt(alphanumeric.length)],
  ).join('')

export const generateBytes = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

/** SHA-256 digest (32 bytes), stored instead of the token or secret. */
export const sha256 = (secret: string): Uint8Array =>
  new Uint8Array(hash('sha256', secret, 'buffer'))

/** Compares two byte strings, in constant time if the lengths are equal. */
export const bytesEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

/** Whether a secret has this digest; compared in constant time. */
export const hasDigest = (secret: string, digest: Uint8Array): boolean =>
  bytesEqual(sha256(secret), digest)
