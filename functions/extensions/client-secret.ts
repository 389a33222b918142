import { randomAlphanumeric, randomBase64url } from '../../lib/tokens/token.ts'

/**
 * Generates a client secret of `bytes` random bytes (settings.clientSecret.bytes), encoded in
 * `alphabet` (settings.clientSecret.alphabet). Replace it with your own generator, which may be
 * async. The secret must be 32 to 1024 visible ASCII characters, at least 32 of them random.
 */
export const clientSecret = (
  bytes: number,
  alphabet: 'base64url' | 'alphanumeric',
): string | Promise<string> =>
  alphabet === 'alphanumeric' ? randomAlphanumeric(bytes) : randomBase64url(bytes)
