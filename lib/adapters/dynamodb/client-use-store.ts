import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { mapConcurrently } from '../../concurrently.ts'
import type { ClientUse, ClientUseStore, UseOutcome } from '../../ports/client-use-store.ts'
import { isUseRecorded, reportWrite, useReportsKey, useWrite } from '../../read/client-use.ts'
import { batchGet } from './batch-get.ts'
import type { Item } from './client-item.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { clientKey } from './table.ts'

/** Maximum number of keys of one BatchGetItem request. */
const maxKeys = 100

/** Writes in progress at a time: five hundred of them take a fraction of a second. */
const maxWrites = 25

/** Implements ClientUseStore on the DynamoDB table. */
export function dynamodbClientUseStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): ClientUseStore {
  /** The last report that is known to be noted. */
  let lastReport: number | undefined

  return {
    async record(uses) {
      const items = await readItems(uses)
      return mapConcurrently(uses, maxWrites, (use) => record(use, items.get(keyOf(use))))
    },

    async revive({ client_id, used_at }) {
      const command = new UpdateCommand(useWrite(TableName, client_id, used_at))
      await sendConditional(() => documents.send(command))
    },

    async noteReport(now) {
      lastReport = isUseRecorded(lastReport, now) ? lastReport : await readLastReport()
      if (isUseRecorded(lastReport, now)) return
      await sendConditional(() => documents.send(new UpdateCommand(reportWrite(TableName, now))))
      lastReport = now
    },
  }

  async function readLastReport(): Promise<number | undefined> {
    const { Item } = await send(() =>
      documents.send(new GetCommand({ TableName, Key: useReportsKey })),
    )
    return Item?.last_used_at
  }

  async function readItems(uses: readonly ClientUse[]): Promise<ReadonlyMap<unknown, Item>> {
    const items: Item[] = []
    for (let from = 0; from < uses.length; from += maxKeys) {
      const keys = uses.slice(from, from + maxKeys).map(keyOf)
      items.push(...(await batchGet(documents, TableName, keys)))
    }
    return new Map(items.map((item) => [item.pk, item]))
  }

  /** A retry after a lost response finds its own write, and counts as `unchanged`. */
  async function record(
    { client_id, used_at }: ClientUse,
    item: Item | undefined,
  ): Promise<UseOutcome> {
    if (item === undefined) return 'unknown'
    if (isUseRecorded(item.last_used_at, used_at)) return 'unchanged'
    const command = new UpdateCommand({
      ...useWrite(TableName, client_id, used_at),
      ...returnCurrentItem,
    })
    const written = await sendConditional(() => documents.send(command))
    if (!isConditionFailed(written)) return item.stale_at === undefined ? 'recorded' : 'revived'
    return written.currentItem === undefined ? 'unknown' : 'unchanged'
  }
}

const keyOf = ({ client_id }: ClientUse): string => clientKey(client_id).pk
