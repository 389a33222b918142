import type { RegisteredClient } from '../client.ts'
import type { KeyRingSource } from '../ports/key-ring-source.ts'
import type { Settings } from '../settings/schema.ts'
import { currentKeyFor, type KeyRing, type KeyUse } from './key-ring.ts'
import { carriesMac, type RegistrationAccessToken } from './registration-access-token.ts'
import { appendMac, hasMac } from './registration-access-token-mac.ts'
import { generateBytes, tokenBytes } from './token.ts'

/** HKDF use of the keys: a token of one kind is never one of the other. */
const readUse: KeyUse = 'registration_access_token_read_mac'

/** Bytes of each of the two times at the start of the secret. */
const timeBytes = 6

/** What a read-only token says by itself. Times are Unix seconds. */
type Stated = {
  /** When its client was registered: the token ends with that client. */
  readonly client_id_issued_at: number
  /** Omitted if it never expires. */
  readonly token_expires_at?: number
}

/**
 * Generates a registration access token that only reads, and that is not stored: the secret starts
 * with the two times, and the MAC authenticates them. Rejects like the key ring.
 */
export async function generateReadOnlyToken(
  { client_id, client_id_issued_at }: Pick<RegisteredClient, 'client_id' | 'client_id_issued_at'>,
  { lifetime }: Settings['registrationAccessToken'],
  keyRing: KeyRingSource,
  now: number,
): Promise<{ readonly token: RegistrationAccessToken; readonly stated: Stated }> {
  const secret = Buffer.from(generateBytes(tokenBytes))
  secret.writeUIntBE(client_id_issued_at, 0, timeBytes)
  secret.writeUIntBE(lifetime === 0 ? 0 : now + lifetime, timeBytes, timeBytes)
  const key = currentKeyFor(await keyRing(), readUse)
  return { token: `rat_${appendMac(client_id, secret, key)}`, stated: parse(secret) }
}

/**
 * Verifies a read-only token of this client without a database read. Undefined if it is not one, or
 * has expired. Rejects like the key ring.
 */
export async function verifyReadOnlyToken(
  client_id: string,
  token: RegistrationAccessToken,
  keyRing: KeyRingSource,
  now: number,
): Promise<Stated | undefined> {
  if (!carriesMac(token)) return undefined
  const encoded = token.slice('rat_'.length)
  const isProven = (ring: KeyRing) => hasMac(client_id, encoded, ring, readUse)
  if (!isProven(await keyRing(isProven))) return undefined
  const stated = parse(Buffer.from(encoded, 'base64url'))
  const { token_expires_at = Number.POSITIVE_INFINITY } = stated
  return token_expires_at > now ? stated : undefined
}

function parse(secret: Buffer): Stated {
  const client_id_issued_at = secret.readUIntBE(0, timeBytes)
  const token_expires_at = secret.readUIntBE(timeBytes, timeBytes)
  return token_expires_at === 0
    ? { client_id_issued_at }
    : { client_id_issued_at, token_expires_at }
}
