import { createPublicKey } from 'node:crypto'
import type { JsonObject } from '../../json.ts'

/** RFC 8032 §5.1, §5.2: an Edwards curve a·x² + y² = 1 + d·x²·y² over the field of p elements. */
const edwards: Readonly<
  Record<string, { readonly p: bigint; readonly a: bigint; readonly d: bigint }>
> = {
  Ed25519: {
    p: 2n ** 255n - 19n,
    a: -1n,
    d: 37095705934669439343138083508754565189542113879843219016388785533085940283555n,
  },
  Ed448: { p: 2n ** 448n - 2n ** 224n - 1n, a: 1n, d: -39081n },
}

/**
 * Whether a key with coordinates of the right size is a point on its curve. X25519 and X448 accept
 * every value and need no check by design (RFC 7748 §6).
 */
export function isOnCurve({ kty, crv, x, y }: JsonObject): boolean {
  if (kty === 'EC') return isImportable({ kty, crv, x, y })
  const curve = edwards[String(crv)]
  return curve === undefined || isEdwardsPoint(Buffer.from(String(x), 'base64url'), curve)
}

/** RFC 7518 §6.2: OpenSSL imports only points on the curve. */
function isImportable(key: JsonObject): boolean {
  try {
    createPublicKey({ key, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

/**
 * RFC 8032 §5.1.3, §5.2.3: y in little-endian order, with the sign of x in the last bit. Such an x
 * must exist.
 */
function isEdwardsPoint(octets: Buffer, { p, a, d }: (typeof edwards)[string]): boolean {
  const bits = BigInt(`0x${octets.reverse().toString('hex')}`)
  const y = BigInt.asUintN(octets.length * 8 - 1, bits)
  if (y >= p) return false
  // x² = (y² - 1) / (d·y² - a). A quotient is a square if and only if the product is a square.
  return isSquare((y * y - 1n) * (d * y * y - a), p)
}

/**
 * Whether a number has a square root in the field of p elements: its Jacobi symbol, by quadratic
 * reciprocity.
 */
function isSquare(value: bigint, p: bigint): boolean {
  let sign = 1
  let n = p
  let rest = ((value % p) + p) % p
  while (rest !== 0n) {
    while ((rest & 1n) === 0n) {
      rest >>= 1n
      if ((n & 7n) === 3n || (n & 7n) === 5n) sign = -sign
    }
    if ((rest & 3n) === 3n && (n & 3n) === 3n) sign = -sign
    const smaller = n % rest
    n = rest
    rest = smaller
  }
  return n !== 1n || sign === 1
}
