import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { RegisteredClient } from '../client.ts'
import type { ClientStore, Condition } from '../client-store.ts'
import { sameBytes } from '../tokens/token.ts'
import { asClient, type Item, softwareDigestOf, wrote } from './client-item.ts'
import { createClient } from './create-client.ts'
import { assignCounted } from './expression.ts'
import { removeClient, removedClient } from './remove-client.ts'
import { answered, conditionally, isConditionFailed } from './request.ts'
import { usedToken } from './spending.ts'
import { clientKey } from './table.ts'

const tokenIsCurrent = 'token_digest = :presented'
const tokenIsUnexpired = '(attribute_not_exists(token_expires_at) OR token_expires_at > :now)'
const isEnabled = 'attribute_not_exists(disabled_at)'
const isThisVersion = 'version = :this_version'

const holdsToken = `${tokenIsCurrent} AND ${tokenIsUnexpired} AND ${isEnabled}`

const presented = ({ token_digest, now }: Condition) => ({
  ':presented': token_digest,
  ':now': now,
})

/** `holdsToken` of a client that is at hand. */
const isHeldBy = (
  { token_digest, token_expires_at, disabled_at }: RegisteredClient,
  condition: Condition,
): boolean =>
  token_digest !== undefined &&
  sameBytes(token_digest, condition.token_digest) &&
  (token_expires_at === undefined || token_expires_at > condition.now) &&
  disabled_at === undefined

const returnStanding = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

/** Keeps clients in the table. */
export function dynamodbClientStore(
  documents: DynamoDBDocumentClient,
  TableName: string,
): ClientStore {
  return {
    create: (client, spendings) => createClient(documents, TableName, client, spendings),

    async find(client_id) {
      const command = new GetCommand({ TableName, Key: clientKey(client_id), ConsistentRead: true })
      const { Item } = await answered(() => documents.send(command))
      return Item && asClient(client_id, Item)
    },

    rotate: (client_id, condition, { token_expires_at, ...successor }, write_id) =>
      update(client_id, {
        condition: holdsToken,
        values: presented(condition),
        attributes: { ...successor, token_expires_at, write_id },
      }),

    replace: (client_id, condition, { metadata, secret, successor, policies, write_id }) =>
      update(client_id, {
        condition: `${holdsToken} AND ${isThisVersion}`,
        values: { ...presented(condition), ':this_version': condition.version },
        attributes: {
          metadata,
          software_digest: softwareDigestOf(metadata),
          secret_digest: secret?.secret_digest,
          secret_jwe: secret?.secret_jwe,
          client_secret_expires_at: secret?.client_secret_expires_at,
          ...(successor && { ...successor, token_expires_at: successor.token_expires_at }),
          policies,
          version: condition.version + 1,
          write_id,
        },
      }),

    disable: (client_id, condition, write_id) =>
      update(client_id, {
        condition: holdsToken,
        values: presented(condition),
        attributes: { disabled_at: condition.now, write_id },
      }),

    async remember(used, write_id) {
      const { Item, ...put } = usedToken(TableName, used)
      const command = new PutCommand({ ...put, Item: { ...Item, write_id }, ...returnStanding })
      const remembered = await conditionally(() => documents.send(command))
      return !isConditionFailed(remembered) || wrote(remembered.standing, write_id)
    },

    async remove(client_id, condition) {
      const removed = await removeClient(documents, TableName, client_id, {
        ConditionExpression: holdsToken,
        ExpressionAttributeValues: presented(condition),
        meets: (item) => isHeldBy(asClient(client_id, item), condition),
      })
      return removed.outcome === 'refused'
        ? refused(client_id, removed.item)
        : { outcome: 'removed', client: removedClient(client_id, removed) }
    },
  }

  type Write = {
    readonly condition: string
    readonly values: Readonly<Record<string, unknown>>
    readonly attributes: Readonly<Record<string, unknown>> & { readonly write_id: Uint8Array }
  }

  /** One conditional UpdateItem. A condition that fails because this very write took effect before is a success. */
  async function update(client_id: string, { condition, values, attributes }: Write) {
    const assignment = assignCounted(attributes)
    const command = new UpdateCommand({
      ...assignment,
      TableName,
      Key: clientKey(client_id),
      ConditionExpression: condition,
      ExpressionAttributeValues: { ...assignment.ExpressionAttributeValues, ...values },
      ReturnValues: 'ALL_NEW',
      ...returnStanding,
    })
    const updated = await conditionally(() => documents.send(command))
    if (!isConditionFailed(updated)) return written(client_id, updated.Attributes ?? {})
    const { standing } = updated
    return standing && wrote(standing, attributes.write_id)
      ? written(client_id, standing)
      : refused(client_id, standing)
  }
}

const written = (client_id: string, item: Item) =>
  ({ outcome: 'written', client: asClient(client_id, item) }) as const

const refused = (client_id: string, standing: Item | undefined) =>
  ({ outcome: 'refused', standing: standing && asClient(client_id, standing) }) as const
