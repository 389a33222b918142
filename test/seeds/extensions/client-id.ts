import { randomUUID } from 'node:crypto'

/** A generator of client identifiers that a team has put in the place of the built-in one. */
export const clientId = async (): Promise<string> => `app.${randomUUID()}`
