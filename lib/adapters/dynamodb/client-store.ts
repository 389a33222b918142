import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { RegisteredClient } from '../../client.ts'
import { serviceUnavailable } from '../../errors.ts'
import type { ClientSecrets, ClientStore, Condition } from '../../ports/client-store.ts'
import type { StoredResponse } from '../../ports/consumable.ts'
import { bytesEqual } from '../../tokens/token.ts'
import {
  clientSoftwareDigest,
  fromItem,
  type Item,
  isOwnWrite,
  isSameBytes,
} from './client-item.ts'
import { usedToken } from './consume-write.ts'
import { createClient } from './create-client.ts'
import { deleteClientItem, deletedClient } from './delete-client.ts'
import { updateWithSequence } from './expression.ts'
import { type FindClientsBy, findAttributes, noFindIndexes } from './find-attributes.ts'
import { hourlyCounters } from './hourly-counters.ts'
import { isConditionFailed, returnCurrentItem, send, sendConditional } from './request.ts'
import { clientKey, responseKey } from './table.ts'

/**
 * Keeps one lineage of registration access tokens. A rotation at r (`rotated_at`) from token A to
 * its successor B, with w = `reuseWindow` seconds:
 *
 *             A is issued          r                     r + w
 *     --------|--------------------|---------------------|---------------> time
 *     A        current              previous: accepted,   reused: rejected, and the client
 *                                   the answer holds B    disabled if `onReuse` is `disable`
 *     B                             current               current
 *     stored   digest of A          digest of B, and the nonce that derives B from A
 *
 * Of many requests with A, this condition lets one write B; the others derive the same B. Once B
 * rotates to C, B is the previous token and A is invalid, even before r + w.
 */
const tokenIsCurrent = 'token_digest = :presented'
const tokenIsUnexpired = '(attribute_not_exists(token_expires_at) OR token_expires_at > :now)'
const isEnabled = 'attribute_not_exists(disabled_at)'
const isThisVersion = 'version = :this_version'

const tokenIsValid = `${tokenIsCurrent} AND ${tokenIsUnexpired} AND ${isEnabled}`

const presented = ({ token_digest, now }: Condition) => ({
  ':presented': token_digest,
  ':now': now,
})

/** Evaluates `tokenIsValid` for a client that has already been read. */
const meetsTokenCondition = (
  { token_digest, token_expires_at, disabled_at }: RegisteredClient,
  condition: Condition,
): boolean =>
  token_digest !== undefined &&
  bytesEqual(token_digest, condition.token_digest) &&
  (token_expires_at === undefined || token_expires_at > condition.now) &&
  disabled_at === undefined

/** Implements ClientStore on the DynamoDB table, which has the indexes of `findClientsBy`. */
export function dynamodbClientStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
  findClientsBy: FindClientsBy = noFindIndexes,
): ClientStore {
  const counters = hourlyCounters()
  return {
    create: (client, consumables) =>
      createClient(documents, TableName, client, consumables, counters, findClientsBy),

    async find(client_id) {
      const command = new GetCommand({ TableName, Key: clientKey(client_id), ConsistentRead: true })
      const { Item } = await send(() => documents.send(command))
      return Item && fromItem(client_id, Item)
    },

    async findResponse(id) {
      const command = new GetCommand({ TableName, Key: responseKey(id), ConsistentRead: true })
      const { Item } = await send(() => documents.send(command))
      return Item && ({ ...Item, id } as unknown as StoredResponse) // only this service writes it
    },

    rotate: (client_id, condition, { token_expires_at, used_at, ...successor }, write_id) =>
      update(client_id, {
        condition: tokenIsValid,
        values: presented(condition),
        attributes: { ...successor, token_expires_at, ...useAttributes(used_at), write_id },
      }),

    replace: (client_id, condition, { metadata, secret, successor, policies, used_at, write_id }) =>
      update(client_id, {
        condition: `${tokenIsValid} AND ${isThisVersion}`,
        values: { ...presented(condition), ':this_version': condition.version },
        attributes: {
          metadata,
          software_digest: clientSoftwareDigest(metadata),
          ...secretAttributes(secret),
          ...findAttributes(client_id, metadata, findClientsBy),
          ...(successor && { ...successor, token_expires_at: successor.token_expires_at }),
          policies,
          version: condition.version + 1,
          ...useAttributes(used_at),
          write_id,
        },
      }),

    renewSecret: (client_id, version, secrets, write_id) =>
      update(client_id, {
        condition: isThisVersion,
        values: { ':this_version': version },
        attributes: { ...secretAttributes(secrets), version: version + 1, write_id },
      }),

    disable: (client_id, condition, write_id) =>
      update(client_id, {
        condition: tokenIsValid,
        values: presented(condition),
        attributes: { disabled_at: condition.now, write_id },
      }),

    async countInstances(client_id, instances) {
      // The count is not the client's: it changes neither its version nor its sequence.
      const command = new UpdateCommand({
        TableName,
        Key: clientKey(client_id),
        UpdateExpression: 'ADD instances :instances',
        ConditionExpression: 'attribute_exists(instances)',
        ExpressionAttributeValues: { ':instances': instances },
      })
      await sendConditional(() => documents.send(command))
    },

    async markUsed(used, write_id) {
      const { Item, ...put } = usedToken(TableName, used)
      const command = new PutCommand({ ...put, Item: { ...Item, write_id }, ...returnCurrentItem })
      const remembered = await sendConditional(() => documents.send(command))
      return !isConditionFailed(remembered) || isOwnWrite(remembered.currentItem, write_id)
    },

    async delete(client_id, condition) {
      const removed = await deleteClientItem(documents, TableName, client_id, {
        ConditionExpression: tokenIsValid,
        ExpressionAttributeValues: presented(condition),
        meets: (item) => meetsTokenCondition(fromItem(client_id, item), condition),
      })
      return removed.outcome === 'rejected'
        ? conditionFailed(client_id, removed.item, false)
        : { outcome: 'removed', client: deletedClient(client_id, removed) }
    },
  }

  type Write = {
    readonly condition: string
    readonly values: Readonly<Record<string, unknown>>
    readonly attributes: Readonly<Record<string, unknown>> & { readonly write_id: Uint8Array }
  }

  /**
   * Sends one conditional UpdateItem. If the condition fails because an earlier attempt of the same
   * write took effect, the update has succeeded. After a write that came between, only a rotation
   * is recognized, by its successor. Otherwise the update rejects with `temporarily_unavailable`,
   * because repeating it could undo the write that came between.
   */
  async function update(client_id: string, { condition, values, attributes }: Write) {
    const assignment = updateWithSequence(attributes)
    const command = new UpdateCommand({
      ...assignment,
      TableName,
      Key: clientKey(client_id),
      ConditionExpression: condition,
      ExpressionAttributeValues: { ...assignment.ExpressionAttributeValues, ...values },
      ReturnValues: 'ALL_NEW',
      ...returnCurrentItem,
    })
    const updated = await sendConditional(() => documents.send(command))
    if (!isConditionFailed(updated)) return written(client_id, updated.Attributes ?? {})
    const { currentItem, ambiguous } = updated
    const hasSuccessor = holdsDigest(currentItem, attributes.token_digest)
    if (currentItem) {
      const isReplaced = (attributes.version ?? currentItem.version) !== currentItem.version
      const isOwn = isOwnWrite(currentItem, attributes.write_id)
      if (isOwn || (hasSuccessor && !isReplaced)) return written(client_id, currentItem)
    }
    if (ambiguous && (hasSuccessor || attributes.token_digest === undefined))
      throw serviceUnavailable()
    return conditionFailed(client_id, currentItem, ambiguous)
  }
}

/** Whether the item's token is this one. Only one write knows a successor that it has generated. */
const holdsDigest = (item: Item | undefined, digest: unknown): boolean =>
  digest instanceof Uint8Array && isSameBytes(item?.token_digest, digest)

/** Replaces both secrets: what a client does not keep is removed. */
const secretAttributes = (secrets: ClientSecrets | undefined) => ({
  secret_digest: secrets?.secret_digest,
  secret_jwe: secrets?.secret_jwe,
  client_secret_expires_at: secrets?.client_secret_expires_at,
  previous_secret_digest: secrets?.previous_secret_digest,
  previous_secret_jwe: secrets?.previous_secret_jwe,
  previous_secret_expires_at: secrets?.previous_secret_expires_at,
})

/** Records a use in a write that is made anyway. */
const useAttributes = (used_at: number | undefined) =>
  used_at === undefined ? {} : { last_used_at: used_at, stale_at: undefined }

const written = (client_id: string, item: Item) =>
  ({ outcome: 'written', client: fromItem(client_id, item) }) as const

const conditionFailed = (client_id: string, currentItem: Item | undefined, ambiguous: boolean) =>
  ({
    outcome: 'rejected',
    current: currentItem && fromItem(client_id, currentItem),
    ambiguous,
  }) as const
