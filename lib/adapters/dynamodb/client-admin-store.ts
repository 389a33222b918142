import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { generateWriteId, type RegisteredClient } from '../../client.ts'
import { defaultLabel } from '../../operator/admin-view.ts'
import { nameOf } from '../../operator/name-filter.ts'
import { redirectHostsOf } from '../../operator/redirect-host-filter.ts'
import type { Owner } from '../../owner.ts'
import type { ClientAdminStore, ClientFilter } from '../../ports/client-admin-store.ts'
import { batchGet } from './batch-get.ts'
import { fromItem, isOwnWrite } from './client-item.ts'
import { decideClient, isNotPending, isPending } from './decide-client.ts'
import { deleteClientItem, deletedClient } from './delete-client.ts'
import { updateWithSequence } from './expression.ts'
import { listByName } from './list-by-name.ts'
import { type KeyRange, listPage } from './list-page.ts'
import { isConditionFailed, returnCurrentItem, sendConditional } from './request.ts'
import {
  clientIdOf,
  clientKey,
  duePartition,
  labelEntry,
  listingPartitions,
  ownerEntry,
  severalHostsPartitions,
  softwareDigest,
  table,
} from './table.ts'

const exists = 'attribute_exists(pk)'
const notWrittenByThisRequest = '(attribute_not_exists(write_id) OR write_id <> :write_id)'

/** Disabling a disabled client keeps the time at which it was first disabled. */
const setOnce = ['disabled_at']

/** Implements the operator's access to clients on the DynamoDB table. */
export function dynamodbClientAdminStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): ClientAdminStore {
  return {
    async list(filter, limit, from) {
      const { by } = filter
      const { keys, next } =
        by?.name === 'name_prefix'
          ? await listByName(documents, TableName, by.value, limit, from)
          : await listPage(documents, TableName, toKeyRange(filter, by), limit, from)
      const items = await batchGet(documents, TableName, keys)
      const clients = items.map((item) => fromItem(clientIdOf(item), item))
      return { clients: clients.filter((client) => isMatch(client, filter)), next }
    },

    async update(client_id, change) {
      const { label, disabled_at, due_at } = change
      const attributes = {
        ...Object.fromEntries(
          Object.entries(change).map(([name, value]) => [name, value ?? undefined]),
        ),
        // An operator who enables or disables a client takes it from the job that disabled it.
        ...(disabled_at !== undefined && { disabled_by_job: undefined }),
        ...(due_at !== undefined && { due: duePartition('DUE', client_id) }),
      }
      const changed =
        label === undefined && disabled_at !== null
          ? await update(client_id, attributes)
          : await updateByState(client_id, attributes, {
              ...attributes,
              ...(label !== undefined && labelEntry(client_id, label !== null)),
            })
      return changed && fromItem(client_id, changed)
    },

    decide: (client_id, decision, version) =>
      decideClient(documents, TableName, client_id, decision, version),

    async delete(client_id) {
      const condition = { ConditionExpression: exists, meets: () => true }
      const removed = await deleteClientItem(documents, TableName, client_id, condition)
      return removed.outcome === 'removed' ? deletedClient(client_id, removed) : undefined
    },

    async reissue(client_id, { token_digest, token_expires_at }) {
      const noRotation = {
        rotation_nonce: undefined,
        rotation_key: undefined,
        rotated_at: undefined,
      }
      const reissued = await update(client_id, { token_digest, token_expires_at, ...noRotation })
      return reissued && fromItem(client_id, reissued)
    },
  }

  /**
   * A client that awaits approval stays listed as such, whatever its label, and is not enabled. A
   * client that does not can never await approval again, so a third attempt decides.
   */
  async function updateByState(client_id: string, pending: Attributes, others: Attributes) {
    const whilePending =
      'disabled_at' in pending && pending.disabled_at === undefined ? {} : pending
    return (
      (await update(client_id, others, isNotPending)) ??
      (await update(client_id, whilePending, isPending)) ??
      (await update(client_id, others, isNotPending))
    )
  }

  /**
   * Sets these attributes if the client exists. Undefined attributes are removed. A retry after a
   * lost response finds its own write, and counts no second one in `sequence`.
   */
  async function update(client_id: string, attributes: Attributes, state?: string) {
    const write_id = generateWriteId()
    const isEmpty = Object.keys(attributes).length === 0
    const conditions = [exists, state, isEmpty ? undefined : notWrittenByThisRequest]
    const command = new UpdateCommand({
      TableName,
      Key: clientKey(client_id),
      ConditionExpression: conditions.filter((condition) => condition !== undefined).join(' AND '),
      ReturnValues: 'ALL_NEW',
      ...returnCurrentItem,
      ...(!isEmpty && updateWithSequence({ ...attributes, write_id }, setOnce)),
    })
    const updated = await sendConditional(() => documents.send(command))
    if (!isConditionFailed(updated)) return updated.Attributes ?? {}
    return isOwnWrite(updated.currentItem, write_id) ? updated.currentItem : undefined
  }
}

type Attributes = Readonly<Record<string, unknown>>

/**
 * Items of an earlier schema are indexed by the owner's name without the issuer, those with several
 * redirect hosts by none, and names by their beginning; and an index lags: a client may have been
 * decided on. They are filtered here, so a page may contain fewer clients than its limit.
 */
function isMatch(client: RegisteredClient, { by }: ClientFilter): boolean {
  const { metadata } = client
  switch (by?.name) {
    case 'state':
      return client.pending_at !== undefined
    case 'owner':
      return by.owners.some(({ owner, iss }) => client.owner === owner && client.iss === iss)
    case 'name_prefix':
      return nameOf(metadata)?.startsWith(by.value) === true
    case 'redirect_host':
      return redirectHostsOf(metadata).includes(by.value)
    default:
      return true
  }
}

type ByTime = Exclude<ClientFilter['by'], { readonly name: 'name_prefix' }>

/**
 * The upper bound for entries listed before this time. Positions are compared as strings, so times
 * are padded to ten digits.
 */
const positionAt = (time: number): string => `${String(time).padStart(10, '0')}#`

/** Maps a filter to an index, its partitions and a time range. */
function toKeyRange(filter: ClientFilter, by: ByTime): KeyRange {
  const { createdFrom, createdBefore, includesPending } = filter
  const times = {
    from: createdFrom === undefined ? undefined : positionAt(createdFrom),
    before: createdBefore === undefined ? undefined : positionAt(createdBefore),
  }
  const { listing, byOwner, bySoftware, byInitialAccessToken, byLabel, byRedirectHost } = table
  switch (by?.name) {
    case 'owner':
      return { index: byOwner, partitions: ownerPartitions(by.owners), ...times }
    case 'software_id':
      return { index: bySoftware, partitions: [softwareDigest(by.value)], ...times }
    case 'initial_access_token':
      return { index: byInitialAccessToken, partitions: [by.value], ...times }
    case 'label':
      return by.value === defaultLabel
        ? { index: listing, partitions: listingPartitions('CLIENT'), ...times }
        : { index: byLabel, partitions: [by.value], ...times }
    case 'redirect_host':
      return { index: byRedirectHost, partitions: [by.value, ...severalHostsPartitions], ...times }
    case 'state':
      return { index: listing, partitions: listingPartitions('PENDING'), ...times }
    case undefined: {
      const kinds = [
        'CLIENT',
        'LABELLED',
        ...(includesPending ? ['PENDING' as const] : []),
      ] as const
      const partitions = kinds.flatMap(listingPartitions)
      return { index: listing, partitions, ...times }
    }
  }
}

/** DynamoDB rejects a query for a longer partition key, which no item can have. */
const maxKeyBytes = 2048

/**
 * The partitions that hold these owners' clients. Clients of an earlier schema are indexed by the
 * bare name.
 */
const ownerPartitions = (owners: readonly Owner[]): readonly string[] =>
  [...new Set(owners.flatMap((owner) => [owner.owner, ownerEntry(owner)]))].filter(
    (key) => Buffer.byteLength(key) <= maxKeyBytes,
  )
