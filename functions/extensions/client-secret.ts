import { randomBase64url } from '../../lib/tokens/token.ts'

/**
 * Draws a client secret of `bytes` random bytes (settings.clientSecret.bytes) in base64url; put your own in its place (it
 * may be async). It has to yield at least 32 random characters.
 */
export const clientSecret = (bytes: number): string | Promise<string> => randomBase64url(bytes)
