import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { standardLabel } from '../administration/administered-client.ts'
import type { ClientDirectory, ClientFilter } from '../administration/client-directory.ts'
import type { RegisteredClient } from '../client.ts'
import type { Owner } from '../owner.ts'
import { asClient } from './client-item.ts'
import { assignCounted } from './expression.ts'
import { itemsOf } from './items.ts'
import { listPage, type Span } from './listing.ts'
import { removeClient, removedClient } from './remove-client.ts'
import { conditionally, isConditionFailed } from './request.ts'
import {
  clientKey,
  labelEntry,
  listingPartitions,
  ownerEntry,
  softwareDigest,
  table,
} from './table.ts'

const exists = 'attribute_exists(pk)'

/** A client that is disabled again has been so since the first time. */
const lasting = ['disabled_at']

/** Lets the operator see the clients in the table. */
export function dynamodbClientDirectory(
  documents: DynamoDBDocumentClient,
  TableName: string,
): ClientDirectory {
  return {
    async list(filter, limit, from) {
      const { keys, next } = await listPage(documents, TableName, spanOf(filter), limit, from)
      const items = await itemsOf(documents, TableName, keys)
      const clients = items.map((item) => asClient(idOf(item.pk), item))
      return { clients: clients.filter((client) => isOwned(client, filter)), next }
    },

    async change(client_id, { label, ...change }) {
      const attributes = {
        ...Object.fromEntries(
          Object.entries(change).map(([name, value]) => [name, value ?? undefined]),
        ),
        ...(label !== undefined && { label: label ?? undefined, ...labelEntry(client_id, label) }),
      }
      const changed = await update(client_id, attributes)
      return changed && asClient(client_id, changed)
    },

    async remove(client_id) {
      const condition = { ConditionExpression: exists, meets: () => true }
      const removed = await removeClient(documents, TableName, client_id, condition)
      return removed.outcome === 'removed' ? removedClient(client_id, removed) : undefined
    },

    async reissue(client_id, { token_digest, token_expires_at }) {
      const ended = { rotation_nonce: undefined, rotation_key: undefined, rotated_at: undefined }
      const reissued = await update(client_id, { token_digest, token_expires_at, ...ended })
      return reissued && asClient(client_id, reissued)
    },
  }

  /** Sets these attributes, or removes the undefined ones, where there is such a client. */
  async function update(client_id: string, attributes: Readonly<Record<string, unknown>>) {
    const command = new UpdateCommand({
      TableName,
      Key: clientKey(client_id),
      ConditionExpression: exists,
      ReturnValues: 'ALL_NEW',
      ...(Object.keys(attributes).length > 0 && assignCounted(attributes, lasting)),
    })
    const updated = await conditionally(() => documents.send(command))
    return isConditionFailed(updated) ? undefined : (updated.Attributes ?? {})
  }
}

const idOf = (pk: unknown): string => String(pk).slice('CLIENT#'.length)

/** Items of an earlier schema stand under the name of their owner, whatever the issuer: so a page may have fewer of them. */
const isOwned = (client: RegisteredClient, { by }: ClientFilter): boolean =>
  by?.name !== 'owner' ||
  by.owners.some(({ owner, iss }) => client.owner === owner && client.iss === iss)

/** Before all that was listed at this time; positions are compared as strings, so that all have ten digits. */
const positionAt = (time: number): string => `${String(time).padStart(10, '0')}#`

/** Which partitions of which index hold the clients that a filter asks for, and between which times. */
function spanOf({ by, createdFrom, createdBefore }: ClientFilter): Span {
  const times = {
    ...(createdFrom !== undefined && { from: positionAt(createdFrom) }),
    ...(createdBefore !== undefined && { before: positionAt(createdBefore) }),
  }
  const { listing, byOwner, bySoftware, byInitialAccessToken, byLabel } = table
  switch (by?.name) {
    case 'owner':
      return { index: byOwner, partitions: ownerPartitions(by.owners), ...times }
    case 'software_id':
      return { index: bySoftware, partitions: [softwareDigest(by.value)], ...times }
    case 'initial_access_token':
      return { index: byInitialAccessToken, partitions: [by.value], ...times }
    case 'label':
      return by.value === standardLabel
        ? { index: listing, partitions: listingPartitions('CLIENT'), ...times }
        : { index: byLabel, partitions: [by.value], ...times }
    case undefined: {
      const partitions = [...listingPartitions('CLIENT'), ...listingPartitions('LABELLED')]
      return { index: listing, partitions, ...times }
    }
  }
}

/** Where these owners' clients are: those of an earlier schema under the bare name. */
const ownerPartitions = (owners: readonly Owner[]): readonly string[] => [
  ...new Set(owners.flatMap((owner) => [owner.owner, ownerEntry(owner)])),
]
