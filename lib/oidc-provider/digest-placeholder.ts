import { createHmac, randomBytes } from 'node:crypto'
import { bytesEqual, sha256 } from '../tokens/token.ts'

/**
 * oidc-provider needs a text as `client_secret`, also to derive keys. The text that takes its place
 * is a MAC of the secret's digest under a key of this process, so that who can read the table
 * cannot compute it.
 */
const key = randomBytes(32)

/** No client secret can start with it, because it is random. */
const prefix = `${randomBytes(16).toString('base64url')}.`

/** The placeholder of one secret, or of two that are valid during the overlap of a renewal. */
export const digestPlaceholder = (digests: readonly Uint8Array[]): string =>
  prefix + digests.map(mac).join(' ')

const mac = (secret_digest: Uint8Array): string =>
  createHmac('sha256', key).update(secret_digest).digest('base64url')

export const isDigestPlaceholder = (client_secret: string): boolean =>
  client_secret.startsWith(prefix)

/** Whether this is a placeholder of the presented secret's digest; compared in constant time. */
export function isPlaceholderOf(placeholder: string, presented: string): boolean {
  const expected = Buffer.from(mac(sha256(presented)))
  return placeholder
    .slice(prefix.length)
    .split(' ')
    .some((one) => bytesEqual(Buffer.from(one), expected))
}
