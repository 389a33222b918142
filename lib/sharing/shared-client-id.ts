import { sortMembers } from '../json.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import { sha256 } from '../tokens/token.ts'

const prefix = 'shared_'
const pattern = new RegExp(`^${prefix}[\\w-]{43}$`)

/** Whether this is the identifier of a shared client; no other client has such an identifier. */
export const isSharedClientId = (client_id: string): boolean => pattern.test(client_id)

/**
 * The identifier of the one client with this metadata: their digest, so that it is found by one
 * read. The issuer is part of it: no two authorization servers have the same client.
 */
export function sharedClientId(metadata: ClientMetadata, issuer: string): string {
  const digest = sha256(JSON.stringify(sortMembers([issuer, metadata])))
  return `${prefix}${Buffer.from(digest).toString('base64url')}`
}
