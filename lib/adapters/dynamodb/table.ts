import { toPosition } from '../../operator/pagination.ts'
import type { Owner } from '../../owner.ts'
import type { DueKind } from '../../ports/clean-up-store.ts'
import { clientIdOf, clientKey, clientSchema } from '../../read/active-client.ts'
import { sha256 } from '../../tokens/token.ts'

export { clientIdOf, clientKey, clientSchema }

/**
 * The keys and attribute names of the single table, shared by CDK, the stores and the operator's
 * own tools.
 */
export const table = {
  partitionKey: 'pk',
  timeToLive: 'expires_at',
  /**
   * Lists every client and token by kind. The other indexes are sparse: an item without the
   * attribute costs nothing.
   */
  listing: { indexName: 'listing', partitionKey: 'listed', sortKey: 'listed_at' },
  byOwner: { indexName: 'by-owner', partitionKey: 'owner', sortKey: 'listed_at' },
  bySoftware: { indexName: 'by-software', partitionKey: 'software_digest', sortKey: 'listed_at' },
  byInitialAccessToken: {
    indexName: 'by-initial-access-token',
    partitionKey: 'initial_access_token',
    sortKey: 'listed_at',
  },
  byLabel: { indexName: 'by-label', partitionKey: 'label', sortKey: 'listed_at' },
  /** Exists only with clean-up. Its sort key is a number. */
  byDue: { indexName: 'by-due', partitionKey: 'due', sortKey: 'due_at' },
  /** Exists only with `findClientsBy.name`. */
  byName: { indexName: 'by-name', partitionKey: 'named', sortKey: 'named_as' },
  /** Exists only with `findClientsBy.redirectHost`. */
  byRedirectHost: {
    indexName: 'by-redirect-host',
    partitionKey: 'redirect_host',
    sortKey: 'listed_at',
  },
} as const

/** Version of the item schema, stored on each item as `schema`. */
export const schema = 1

/**
 * The value by which an owner is indexed and counted: the name, with the issuer if there is one.
 */
export const ownerEntry = ({ owner, iss }: Owner): string =>
  iss === undefined ? owner : JSON.stringify([iss, owner])

/** Parses an issuer and a name from such a value. Returns undefined for any other text. */
export function parseOwnerEntry(entry: string): Required<Owner> | undefined {
  if (!entry.startsWith('["')) return undefined
  try {
    const [iss, owner] = JSON.parse(entry)
    return ownerEntry({ owner, iss }) === entry ? { owner, iss } : undefined
  } catch {
    return undefined
  }
}

export const initialAccessTokenKey = (id: string) => ({ pk: `IAT#${id}` })

/** The key of a used JWT, by its digest. */
export const usedTokenKey = (digest: Uint8Array) => ({ pk: `JTI#${base64url(digest)}` })

/** The key of an owner's client count, by the digest of the owner's entry. */
export const ownerKey = (digest: Uint8Array) => ({ pk: `OWNER#${base64url(digest)}` })

/**
 * The key of the client count of a `software_id`, by its digest. It shares the prefix of owners, and
 * so their grants: whatever the settings say now, a deletion releases the quota.
 */
export const softwareKey = (digest: Uint8Array) => ({ pk: `OWNER#software#${base64url(digest)}` })

/**
 * The key of a client count of one hour; `hour` is its start in Unix seconds. Only rate-limited
 * registrations are counted, in all or for one host.
 */
export const hourKey = (hour: number, host: string | undefined, index: number) => ({
  pk: ['HOUR', hour, host, index === 0 ? undefined : index]
    .filter((part) => part !== undefined)
    .join('#'),
})

/** The key of the response to a registration with an idempotency key. */
export const responseKey = (id: string) => ({ pk: `IDEMPOTENCY#${id}` })

/** The key of a deferred registration. */
export const pendingRegistrationKey = (verification_code: string) => ({
  pk: `REGISTRATION#${verification_code}`,
})

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** The item of a client that clean-up deleted. */
export const tombstoneKey = (client_id: string) => ({ pk: `TOMBSTONE#${client_id}` })

/** The key of an operator's job, or of one of its pages. */
export const jobKey = (id: string, page?: number) => ({
  pk: page === undefined ? `JOB#${id}` : `JOB#${id}#${page}`,
})

/** What clean-up remembers from one night to the next. */
export const cleanUpStateKey = { pk: 'STATE#clean-up' }

/**
 * Clients that await approval, and those that the operator has labelled, are listed separately from
 * the others.
 */
type ListedKind = 'CLIENT' | 'LABELLED' | 'PENDING' | 'IAT' | 'TOMBSTONE' | 'JOB'

/** Each listing is spread over this many index partitions to avoid a hot partition. */
const shards = 8

/** The partitions of the listing index that hold items of this kind. */
export function listingPartitions(kind: ListedKind): readonly string[] {
  return partitionsOf(kind)
}

/** The attributes that index an item: sharded by its random id, sorted by its time of issue. */
export const listingEntry = (kind: ListedKind, id: string, issuedAt: number) => ({
  listed: `${kind}#${shardOf(id)}`,
  listed_at: toPosition(issuedAt, id),
})

/** The listing partition of a client with or without a label. */
export const labelEntry = (client_id: string, isLabelled: boolean) => ({
  listed: `${isLabelled ? 'LABELLED' : 'CLIENT'}#${shardOf(client_id)}`,
})

/** The partitions of the index by due time that hold entries of this kind. */
export const duePartitions = (kind: DueKind): readonly string[] => partitionsOf(kind)

/** The partition of a client among the entries of this kind. */
export const duePartition = (kind: DueKind, client_id: string): string =>
  `${kind}#${shardOf(client_id)}`

/** The partitions of the index by name. */
export const namePartitions = partitionsOf('NAME')

export const namePartition = (client_id: string): string => `NAME#${shardOf(client_id)}`

/** The partitions of the index by redirect host that hold the clients with several hosts. */
export const severalHostsPartitions = partitionsOf('SEVERAL')

/** No host contains a number sign. */
export const severalHostsPartition = (client_id: string): string => `SEVERAL#${shardOf(client_id)}`

/** Maps a `software_id` of any length to sixteen bytes. */
export const softwareDigest = (software_id: string): Uint8Array => sha256(software_id).slice(0, 16)

function partitionsOf(kind: string): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${kind}#${shard}`)
}

function shardOf(id: string): number {
  let sum = 0
  for (const character of id) sum += character.charCodeAt(0)
  return sum % shards
}
