import { randomBase64url } from './token.ts'

/**
 * Whether this can be a client identifier (RFC 6749 §2.2, Appendix A.1, without spaces). A longer
 * one could exceed the table's key size.
 */
export const isClientId = (client_id: string): boolean => /^[\x21-\x7E]{1,255}$/.test(client_id)

/** What `isAssignableClientId` demands, for messages. */
export const assignableClientId =
  '1 to 255 visible ASCII characters without / ? # %, other than used, disable, . and ..'

/**
 * Whether the service may assign this client identifier: it is a segment of the client's path, and
 * /clients/used and /clients/disable are the operator's.
 */
export const isAssignableClientId = (client_id: string): boolean =>
  isClientId(client_id) && !/[/?#%]|^(?:used|disable|\.{1,2})$/.test(client_id)

/** RFC 7591 §3.2.1 `client_id`: 21 random URL-safe characters (126 bits). */
export const generateClientId = (): string => randomBase64url(16).slice(0, 21)
