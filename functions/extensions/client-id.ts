import { generateClientId } from '../../lib/tokens/client-id.ts'

/**
 * Generates the client_id of a new client. Replace it with your own generator, which may be async.
 * Each identifier must be unique and consist of 1 to 255 visible ASCII characters. It must not
 * begin with https://, which is reserved for Client ID Metadata Documents.
 */
export const clientId = (): string | Promise<string> => generateClientId()
