import { draw } from './token.ts'

/** RFC 7591 §3.2.1 `client_id`: 21 random URL-safe characters (126 bits). */
export const drawClientId = (): string => draw(16).slice(0, 21)
