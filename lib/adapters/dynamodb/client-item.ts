import type { RegisteredClient } from '../../client.ts'
import type { ClientMetadata } from '../../metadata/client-metadata.ts'
import type { Owner } from '../../owner.ts'
import { bytesEqual } from '../../tokens/token.ts'
import { type FindClientsBy, findAttributes } from './find-attributes.ts'
import {
  clientKey,
  clientSchema,
  duePartition,
  listingEntry,
  ownerEntry,
  parseOwnerEntry,
  softwareDigest,
} from './table.ts'

/** Item attributes as the document client returns them. */
export type Item = Readonly<Record<string, unknown>>

/** Maps a client to its item. The identifier is stored in the key only. */
export function toItem(
  { client_id, registration_method, owner, iss, ...client }: RegisteredClient,
  findClientsBy: FindClientsBy,
): Item {
  const kind = client.pending_at === undefined ? 'CLIENT' : 'PENDING'
  const { listed, listed_at } = listingEntry(kind, client_id, client.client_id_issued_at)
  const software_digest = clientSoftwareDigest(client.metadata)
  const kept = { schema: clientSchema, sequence: 1, listed, listed_at, software_digest }
  const owned = owner === undefined ? { iss } : { owner: ownerEntry({ owner, iss }) }
  // An initial access token's id already says how the client was registered.
  const admission = client.initial_access_token === undefined ? registration_method : undefined
  const due = client.due_at === undefined ? undefined : duePartition('DUE', client_id)
  const found = findAttributes(client_id, client.metadata, findClientsBy)
  return { ...clientKey(client_id), ...kept, ...found, admission, ...owned, ...client, due }
}

/** Attributes of the item that are no members of the client, or become others. */
const ofItemOnly = new Set([
  'pk',
  'schema',
  'listed',
  'listed_at',
  'software_digest',
  'counted_software',
  'admission',
  'due',
  'named',
  'named_as',
  'redirect_host',
  'disabling_jobs',
])

/**
 * Maps an item to its client. Only this service writes the table, so the item's shape is trusted.
 */
export function fromItem(client_id: string, item: Item): RegisteredClient {
  const client: Record<string, unknown> = { client_id }
  for (const name of Object.keys(item)) if (!ofItemOnly.has(name)) client[name] = item[name]
  return Object.assign(client, methodOf(item), ownerOf(item)) as RegisteredClient
}

/** Clients that were registered before `admission` was stored have no registration method. */
function methodOf({ admission, initial_access_token }: Item) {
  if (initial_access_token !== undefined) return { registration_method: 'initial_access_token' }
  return admission === undefined ? {} : { registration_method: admission }
}

/**
 * In an earlier schema, `iss` is a separate attribute. The owner of an initial access token has no
 * issuer.
 */
function ownerOf({ schema, owner, initial_access_token }: Item): Partial<Owner> | undefined {
  const names = Number(schema) >= clientSchema && initial_access_token === undefined
  return names && typeof owner === 'string' ? parseOwnerEntry(owner) : undefined
}

/** Whether the request with this `write_id` was the last to write the item. */
export const isOwnWrite = (item: Item | undefined, write_id: Uint8Array): boolean =>
  isSameBytes(item?.write_id, write_id)

/** Whether an attribute holds these bytes. */
export const isSameBytes = (stored: unknown, bytes: Uint8Array): boolean =>
  stored instanceof Uint8Array && bytesEqual(stored, bytes)

/** The index value by which a client is found by its `software_id`. */
export const clientSoftwareDigest = ({ software_id }: ClientMetadata): Uint8Array | undefined =>
  software_id === undefined ? undefined : softwareDigest(software_id)
