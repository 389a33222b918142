import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { RegisteredClient } from '../../client.ts'
import type { InitialAccessToken } from '../../tokens/initial-access-token.ts'
import { type Item, isOwnWrite, isSameBytes, toItem } from './client-item.ts'
import { type CounterKey, incrementWrite, quotaKeys, type Write } from './consume-write.ts'
import { type FindClientsBy, noFindIndexes } from './find-attributes.ts'
import { initialAccessTokenToItem } from './initial-access-token-item.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { clientKey, duePartition, labelEntry } from './table.ts'
import { transact } from './transaction.ts'

/** A client to import. Its `write_id` identifies what it is imported from. */
export type ImportedClient = {
  readonly client: RegisteredClient
  /** The digest of the `software_id` whose quota the client counts toward. */
  readonly counted_software?: Uint8Array | undefined
  /** Unix seconds. */
  readonly now: number
}

/**
 * `present`: an earlier run imported the same, and nothing has changed it since. `kept`: another
 * item has this id, or the same one has changed since: it stays.
 */
export type ImportOutcome = 'imported' | 'present' | 'kept'

const isAbsent = { ConditionExpression: 'attribute_not_exists(pk)', ...returnCurrentItem } as const

/**
 * Imports items into this table, which has the indexes of `findClientsBy`. Every method rejects like
 * `send` and `transact`.
 */
export function itemImporter(
  documents: DynamoDBDocumentClient,
  TableName: string,
  findClientsBy = noFindIndexes,
) {
  /** The last import that increments each count: transactions on the same item would conflict. */
  const turns = new Map<string, Promise<unknown>>()

  return {
    /**
     * Stores a client unless its id exists. It counts toward its quotas again, in the same
     * transaction. Its `sequence` becomes the current time in milliseconds, which is higher than
     * that of any earlier event of a client of this id.
     */
    async importClient(imported: ImportedClient): Promise<ImportOutcome> {
      const { write_id } = imported.client
      const Item = importedItem(imported, findClientsBy)
      const put = { TableName, Item, ...isAbsent }
      const quotas = quotaKeys(Item)
      if (quotas.length > 0) return inTurn(quotas, () => importCounted(put, quotas, write_id))
      const created = await sendConditional(() => documents.send(new PutCommand(put)))
      if (!isConditionFailed(created)) return 'imported'
      const outcome = existing(created.currentItem, write_id)
      // After a lost response, the existing item is the one that this request wrote.
      return created.ambiguous && outcome === 'present' ? 'imported' : outcome
    },

    /** What an import of this client would meet; undefined if no client has its id. */
    async findImported({
      client_id,
      write_id,
    }: Pick<RegisteredClient, 'client_id' | 'write_id'>): Promise<ImportOutcome | undefined> {
      const command = new GetCommand({ TableName, Key: clientKey(client_id), ConsistentRead: true })
      const { Item } = await send(() => documents.send(command))
      return Item && existing(Item, write_id)
    },

    /**
     * Stores an initial access token unless its id exists: `present` if that is the same token,
     * however often it was used since.
     */
    async importInitialAccessToken(token: InitialAccessToken): Promise<ImportOutcome> {
      const Item = initialAccessTokenToItem(token)
      const command = new PutCommand({ TableName, Item, ...isAbsent })
      const created = await sendConditional(() => documents.send(command))
      if (!isConditionFailed(created)) return 'imported'
      if (!isSameBytes(created.currentItem?.token_digest, token.token_digest)) return 'kept'
      return created.ambiguous ? 'imported' : 'present'
    },
  }

  async function importCounted(
    put: NonNullable<Write['Put']>,
    quotas: readonly CounterKey[],
    write_id: Uint8Array,
  ): Promise<ImportOutcome> {
    const writes = [{ Put: put }, ...quotas.map((key) => incrementWrite(TableName, key))]
    const reasons = await transact(documents, writes)
    if (reasons === undefined) return 'imported'
    const currentItem = reasons[0]?.Item
    return existing(currentItem && unmarshall(currentItem), write_id)
  }

  function inTurn<Result>(
    quotas: readonly CounterKey[],
    task: () => Promise<Result>,
  ): Promise<Result> {
    const result = Promise.all(quotas.map(({ pk }) => turns.get(pk))).then(task)
    const ended = result.catch(() => {})
    for (const { pk } of quotas) turns.set(pk, ended)
    return result
  }
}

const existing = (item: Item | undefined, write_id: Uint8Array): ImportOutcome =>
  isOwnWrite(item, write_id) ? 'present' : 'kept'

/** The index attributes follow from the state of the client, which is not new. */
function importedItem(
  { client, counted_software, now }: ImportedClient,
  findClientsBy: FindClientsBy,
): Item {
  const { client_id, label, pending_at, stale_at, due_at } = client
  return {
    ...toItem(client, findClientsBy),
    ...(label !== undefined && pending_at === undefined && labelEntry(client_id, true)),
    ...(stale_at !== undefined &&
      due_at !== undefined && { due: duePartition('STALE', client_id) }),
    counted_software,
    sequence: now * 1000,
  }
}
