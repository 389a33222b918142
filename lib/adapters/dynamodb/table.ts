import { toPosition } from '../../operator/pagination.ts'
import type { Owner } from '../../owner.ts'
import { sha256 } from '../../tokens/token.ts'

/** The one table: every key and attribute name that CDK, the stores and an operator's own tools need. */
export const table = {
  partitionKey: 'pk',
  timeToLive: 'expires_at',
  /** Every client and token, by kind; the others are sparse: an item without the attribute costs them nothing. */
  listing: { indexName: 'listing', partitionKey: 'listed', sortKey: 'listed_at' },
  byOwner: { indexName: 'by-owner', partitionKey: 'owner', sortKey: 'listed_at' },
  bySoftware: { indexName: 'by-software', partitionKey: 'software_digest', sortKey: 'listed_at' },
  byInitialAccessToken: {
    indexName: 'by-initial-access-token',
    partitionKey: 'initial_access_token',
    sortKey: 'listed_at',
  },
  byLabel: { indexName: 'by-label', partitionKey: 'label', sortKey: 'listed_at' },
} as const

/** Version of the items' shape, kept on each item as `schema`. */
export const schema = 1

/** Of a client: from 2 on, `owner` names the issuer of an access token too, and `iss` stands beside no owner. */
export const clientSchema = 2

/** The value that an owner is found and counted by: its name, with its issuer where it has one. */
export const ownerEntry = ({ owner, iss }: Owner): string =>
  iss === undefined ? owner : JSON.stringify([iss, owner])

/** The issuer and the name in such a value; undefined for a text that is none. */
export function parseOwnerEntry(entry: string): Required<Owner> | undefined {
  if (!entry.startsWith('["')) return undefined
  try {
    const [iss, owner] = JSON.parse(entry)
    return ownerEntry({ owner, iss }) === entry ? { owner, iss } : undefined
  } catch {
    return undefined
  }
}

export const clientKey = (client_id: string) => ({ pk: `CLIENT#${client_id}` })
export const initialAccessTokenKey = (id: string) => ({ pk: `IAT#${id}` })

/** A JWT that was used, by its digest. */
export const usedTokenKey = (digest: Uint8Array) => ({ pk: `JTI#${base64url(digest)}` })

/** How many clients an owner has, by the digest of its entry. */
export const ownerKey = (digest: Uint8Array) => ({ pk: `OWNER#${base64url(digest)}` })

/** How many clients were registered in the hour that begins at these Unix seconds, of those that are limited so. */
export const hourKey = (hour: number) => ({ pk: `HOUR#${hour}` })

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** A client to which the operator gave a label of its own is listed apart from the others. */
type ListedKind = 'CLIENT' | 'LABELLED' | 'IAT'

/** A listing is spread over this many partitions of the index, so that no partition is hot. */
const shards = 8

/** The partitions of the listing index that hold one kind of item. */
export function listingPartitions(kind: ListedKind): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${kind}#${shard}`)
}

/** The index attributes of an item: sparse, sharded by its random id, sorted by its time of issue. */
export const listingEntry = (kind: ListedKind, id: string, issuedAt: number) => ({
  listed: `${kind}#${shardOf(id)}`,
  listed_at: toPosition(issuedAt, id),
})

/** Where a client is listed with this label of the operator's, or without one. */
export const labelEntry = (client_id: string, label: string | null) => ({
  listed: `${label === null ? 'CLIENT' : 'LABELLED'}#${shardOf(client_id)}`,
})

/** Names a `software_id` of any length by sixteen bytes. */
export const softwareDigest = (software_id: string): Uint8Array => sha256(software_id).slice(0, 16)

function shardOf(id: string): number {
  let sum = 0
  for (const character of id) sum += character.charCodeAt(0)
  return sum % shards
}
