import type { JsonObject } from '../json.ts'

/**
 * An empty redirect URI is an error that the client must see. The second name is an alias of the
 * first.
 */
const neverEmpty: readonly string[] = ['redirect_uris', 'redirect_url']

const isOmitted = (name: string, value: unknown): boolean =>
  value === null || (value === '' && !neverEmpty.includes(name))

/**
 * RFC 7592 §2.2: a member that is null or an empty string counts as omitted, also in a
 * registration.
 */
export const dropOmitted = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([name, value]) => !isOmitted(name, value)))
