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

export const digestPlaceholder = (secret_digest: Uint8Array): string =>
  prefix + createHmac('sha256', key).update(secret_digest).digest('base64url')

export const isDigestPlaceholder = (client_secret: string): boolean =>
  client_secret.startsWith(prefix)

/** Whether this is the placeholder of the presented secret's digest; compared in constant time. */
export const isPlaceholderOf = (placeholder: string, presented: string): boolean =>
  bytesEqual(Buffer.from(placeholder), Buffer.from(digestPlaceholder(sha256(presented))))
