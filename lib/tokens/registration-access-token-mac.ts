import { createHmac, type KeyObject } from 'node:crypto'
import { type KeyRing, type KeyUse, keyFor } from './key-ring.ts'
import { bytesEqual, tokenBytes } from './token.ts'

/** HKDF use of the MAC keys. */
export const macUse: KeyUse = 'registration_access_token_mac'

/** 128 bits are enough: a forged MAC only gains a database read, never access. */
const macBytes = 16

/** Characters after `rat_` in a token with a MAC: 48 bytes have exactly one base64url encoding. */
export const lengthWithMac = ((tokenBytes + macBytes) / 3) * 4

/** Encodes a token's secret and its MAC for this client (RFC 2104) as base64url. */
export const appendMac = (client_id: string, secret: Uint8Array, key: KeyObject): string =>
  Buffer.concat([secret, macOf(client_id, secret, key)]).toString('base64url')

/** Whether any key of the ring verifies the MAC for this client; compared in constant time. */
export function hasMac(
  client_id: string,
  secretWithMac: string,
  ring: KeyRing,
  use = macUse,
): boolean {
  const bytes = Buffer.from(secretWithMac, 'base64url')
  const [secret, mac] = [bytes.subarray(0, tokenBytes), bytes.subarray(tokenBytes)]
  return [...ring.keys.keys()].some((id) => {
    const key = keyFor(ring, id, use)
    return key !== undefined && bytesEqual(macOf(client_id, secret, key), mac)
  })
}

const macOf = (client_id: string, secret: Uint8Array, key: KeyObject): Uint8Array =>
  createHmac('sha256', key).update(`${client_id}\0`).update(secret).digest().subarray(0, macBytes)
