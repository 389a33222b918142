import type { RegisteredClient } from '../../client.ts'
import type { ClientMetadata } from '../../metadata/client-metadata.ts'
import type { Owner } from '../../owner.ts'
import { bytesEqual } from '../../tokens/token.ts'
import {
  clientKey,
  clientSchema,
  listingEntry,
  ownerEntry,
  parseOwnerEntry,
  softwareDigest,
} from './table.ts'

/** Attributes as the document client reads them. */
export type Item = Readonly<Record<string, unknown>>

/** The item that holds a client; its identifier stands in the key only. */
export function toItem({ client_id, owner, iss, ...client }: RegisteredClient): Item {
  const { listed, listed_at } = listingEntry('CLIENT', client_id, client.client_id_issued_at)
  const software_digest = clientSoftwareDigest(client.metadata)
  const kept = { schema: clientSchema, sequence: 1, listed, listed_at, software_digest }
  const owned = owner === undefined ? { iss } : { owner: ownerEntry({ owner, iss }) }
  return { ...clientKey(client_id), ...kept, ...owned, ...client }
}

/** The client that an item holds; only this service writes the table, so its shape is trusted. */
export function fromItem(client_id: string, item: Item): RegisteredClient {
  const { pk, schema, listed, listed_at, software_digest, ...client } = item
  return { client_id, ...client, ...ownerOf(item) } as RegisteredClient
}

/** An item of an earlier schema has the issuer apart; an initial access token names an owner without one. */
function ownerOf({ schema, owner, initial_access_token }: Item): Partial<Owner> | undefined {
  const names = Number(schema) >= clientSchema && initial_access_token === undefined
  return names && typeof owner === 'string' ? parseOwnerEntry(owner) : undefined
}

/** Whether the request with this id wrote the item last. */
export const isOwnWrite = (item: Item | undefined, write_id: Uint8Array): boolean =>
  item?.write_id instanceof Uint8Array && bytesEqual(item.write_id, write_id)

/** What a client is found by, of its `software_id`. */
export const clientSoftwareDigest = ({ software_id }: ClientMetadata): Uint8Array | undefined =>
  software_id === undefined ? undefined : softwareDigest(software_id)
