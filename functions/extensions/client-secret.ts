import { randomBase64url } from '../../lib/tokens/token.ts'

/**
 * Generates a client secret of `bytes` random bytes (settings.clientSecret.bytes), encoded in
 * base64url. Replace it with your own generator, which may be async. The secret must have at least
 * 32 random characters.
 */
export const clientSecret = (bytes: number): string | Promise<string> => randomBase64url(bytes)
