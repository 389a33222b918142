import { generateClientId } from '../../lib/tokens/client-id.ts'

/**
 * Generates the client_id of a new client. Replace it with your own generator, which may be async.
 * Each identifier must be unique: 1 to 255 visible ASCII characters without `/ ? # %`, and none of
 * `used`, `disable`, `.`, `..` or `shared_` with 43 characters.
 */
export const clientId = (): string | Promise<string> => generateClientId()
