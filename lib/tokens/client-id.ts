import { randomBase64url } from './token.ts'

/**
 * Whether this can be a client identifier (RFC 6749 §2.2, Appendix A.1, without spaces). A longer
 * one could exceed the table's key size.
 */
export const isClientId = (client_id: string): boolean => /^[\x21-\x7E]{1,255}$/.test(client_id)

/** RFC 7591 §3.2.1 `client_id`: 21 random URL-safe characters (126 bits). */
export const generateClientId = (): string => randomBase64url(16).slice(0, 21)
