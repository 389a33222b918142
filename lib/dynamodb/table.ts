/** The one table: every key and attribute name that CDK, the stores and an operator's own tools need. */
export const table = {
  partitionKey: 'pk',
  timeToLive: 'expires_at',
  listing: { indexName: 'listing', partitionKey: 'listed', sortKey: 'listed_at' },
} as const

/** Version of the items' shape, kept on each item as `schema`. */
export const schema = 1

export const clientKey = (client_id: string) => ({ pk: `CLIENT#${client_id}` })
export const initialAccessTokenKey = (id: string) => ({ pk: `IAT#${id}` })

/** A listing is spread over this many partitions of the index, so that no partition is hot. */
const shards = 8

/** The partitions of the listing index that hold one kind of item. */
export function listingPartitions(kind: 'CLIENT' | 'IAT'): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${kind}#${shard}`)
}

/** The index attributes of an item: sparse, sharded by its random id, sorted by its time of issue. */
export function listingEntry(kind: 'CLIENT' | 'IAT', id: string, issuedAt: number) {
  let sum = 0
  for (const character of id) sum += character.charCodeAt(0)
  return { listed: `${kind}#${sum % shards}`, listed_at: `${issuedAt}#${id}` }
}
