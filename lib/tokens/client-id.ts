import { randomBase64url } from './token.ts'

/** RFC 7591 §3.2.1 `client_id`: 21 random URL-safe characters (126 bits). */
export const generateClientId = (): string => randomBase64url(16).slice(0, 21)
