import { generateClientId } from '../../lib/tokens/client-id.ts'

/**
 * Draws the identifier of a new client; put your own in its place (it may be async). It has to be new each time: 1 to 255
 * visible ASCII characters that do not begin with https:// (those name Client ID Metadata Documents).
 */
export const clientId = (): string | Promise<string> => generateClientId()
