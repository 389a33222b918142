import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type {
  DisableJob,
  DisableJobStore,
  DisablePage,
  Settled,
} from '../../ports/disable-job-store.ts'
import { batchGet } from './batch-get.ts'
import type { Item } from './client-item.ts'
import { disableForJob, enableForJob, isDisabledBy, passOverForJob } from './disable-client.ts'
import { listPage } from './list-page.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import {
  clientIdOf,
  clientKey,
  jobKey,
  listingEntry,
  listingPartitions,
  schema,
  table,
} from './table.ts'

/** Implements DisableJobStore on the DynamoDB table. */
export function dynamodbDisableJobStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): DisableJobStore {
  return {
    // The id is random: a retry after a lost response stores the same item again.
    async create(job) {
      await send(() => documents.send(new PutCommand({ TableName, Item: toItem(job) })))
    },

    async find(id) {
      const command = new GetCommand({ TableName, Key: jobKey(id), ConsistentRead: true })
      const { Item } = await send(() => documents.send(command))
      return Item && fromItem(Item)
    },

    async list(limit, from) {
      const range = { index: table.listing, partitions: listingPartitions('JOB') }
      const { keys, next } = await listPage(documents, TableName, range, limit, from)
      const items = await batchGet(documents, TableName, keys, true)
      return { jobs: items.map(fromItem), next }
    },

    async save(job) {
      const after = { ...job, revision: job.revision + 1 }
      const stored = await put(toItem(after), 'revision = :seen', { ':seen': job.revision })
      if (stored === 'written') return after
      return stored && fromItem(stored)
    },

    async plan(job, number, page) {
      const stored = await put(toPageItem(job, number, page), 'attribute_not_exists(pk)')
      return stored === 'written' || stored === undefined ? page : fromPageItem(stored)
    },

    async settle(job, number, page) {
      const item = toPageItem(job, number, page)
      const stored = await put(item, 'attribute_exists(pk) AND attribute_not_exists(settled)')
      if (stored === 'written' || stored === undefined) return page
      const { settled = page.settled, ...current } = fromPageItem(stored)
      return { ...current, settled } satisfies Settled
    },

    async pages(id, from, count) {
      const keys = Array.from({ length: count }, (_, index) => jobKey(id, from + index).pk)
      return (await batchGet(documents, TableName, keys, true)).map(fromPageItem)
    },

    disable: (id, client_id, now) => disableForJob(documents, TableName, id, client_id, now),
    passOver: (id, client_id) => passOverForJob(documents, TableName, id, client_id),
    enable: (id, client_id) => enableForJob(documents, TableName, id, client_id),

    async disabledOf(id, client_ids) {
      const keys = client_ids.map((client_id) => clientKey(client_id).pk)
      const items = await batchGet(documents, TableName, keys, true)
      return items.filter((item) => isDisabledBy(item, id)).map(clientIdOf)
    },
  }

  /** Stores an item on a condition; if it fails, returns the current item, if there is one. */
  async function put(
    Item: Item,
    ConditionExpression: string,
    ExpressionAttributeValues?: Record<string, unknown>,
  ): Promise<'written' | Item | undefined> {
    const command = new PutCommand({
      TableName,
      Item,
      ConditionExpression,
      ExpressionAttributeValues,
      ...returnCurrentItem,
    })
    const stored = await sendConditional(() => documents.send(command))
    return isConditionFailed(stored) ? stored.currentItem : 'written'
  }
}

const toItem = ({ id, ...job }: DisableJob): Item => ({
  ...jobKey(id),
  schema,
  ...listingEntry('JOB', id, job.created_at),
  ...job,
})

/** Only this service writes the table, so the item's shape is trusted. */
function fromItem(item: Item): DisableJob {
  const { pk, schema, listed, listed_at, ...job } = item
  return { id: String(pk).slice(jobKey('').pk.length), ...job } as DisableJob
}

const toPageItem = ({ id, expires_at }: DisableJob, number: number, page: DisablePage): Item => ({
  ...jobKey(id, number),
  schema,
  expires_at,
  ...page,
})

function fromPageItem(item: Item): DisablePage {
  const { pk, schema, expires_at, ...page } = item
  return page as DisablePage
}
