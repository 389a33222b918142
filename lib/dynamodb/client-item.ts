import type { RegisteredClient } from '../client.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import { sameBytes } from '../tokens/token.ts'
import { clientKey, listingEntry, schema, softwareDigest } from './table.ts'

/** Attributes as the document client reads them. */
export type Item = Readonly<Record<string, unknown>>

/** The item that holds a client; its identifier stands in the key only. */
export function clientItem({ client_id, ...client }: RegisteredClient): Item {
  const { listed, listed_at } = listingEntry('CLIENT', client_id, client.client_id_issued_at)
  const software_digest = softwareDigestOf(client.metadata)
  const kept = { schema, sequence: 1, listed, listed_at, software_digest }
  return { ...clientKey(client_id), ...kept, ...client }
}

/** The client that an item holds; only this service writes the table, so its shape is trusted. */
export function asClient(client_id: string, item: Item): RegisteredClient {
  const { pk, schema, listed, listed_at, software_digest, ...client } = item
  return { client_id, ...client } as RegisteredClient
}

/** Whether the request with this id wrote the item last. */
export const wrote = (item: Item | undefined, write_id: Uint8Array): boolean =>
  item?.write_id instanceof Uint8Array && sameBytes(item.write_id, write_id)

/** What a client is found by, of its `software_id`. */
export const softwareDigestOf = ({ software_id }: ClientMetadata): Uint8Array | undefined =>
  software_id === undefined ? undefined : softwareDigest(software_id)
