import { randomBytes } from 'node:crypto'

/** A generator of client secrets that a team has put in the place of the built-in one. */
export const clientSecret = (bytes: number): string =>
  `secret_${randomBytes(bytes).toString('hex')}`
