import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Change } from '../../events/change.ts'
import { fromItem, type Item } from './client-item.ts'
import { initialAccessTokenFromItem } from './initial-access-token-item.ts'
import { clientKey, initialAccessTokenKey } from './table.ts'

/**
 * A record of the table's stream with both images, as Lambda receives it and as GetRecords returns
 * it. Binary values are base64.
 */
export type StreamRecord = {
  readonly eventID?: string | undefined
  readonly userIdentity?: { readonly principalId?: string | undefined } | undefined
  readonly dynamodb?:
    | {
        /** Unix seconds. */
        readonly ApproximateCreationDateTime?: number | undefined
        readonly Keys?: object | undefined
        readonly NewImage?: object | undefined
        readonly OldImage?: object | undefined
      }
    | undefined
}

/**
 * Parses the change of a client or an initial access token. Returns undefined for other items.
 * Throws an Error if the record is malformed.
 */
export function parseStreamRecord({
  eventID,
  userIdentity,
  dynamodb,
}: StreamRecord): Change | undefined {
  const { Keys, OldImage, NewImage, ApproximateCreationDateTime = 0 } = dynamodb ?? {}
  const key = unmarshallImage(Keys)?.pk
  if (eventID === undefined || typeof key !== 'string')
    throw new Error('the record has no eventID or no key')
  if (!key.startsWith(clientPrefix) && !key.startsWith(tokenPrefix)) return undefined
  const [before, after] = [unmarshallImage(OldImage), unmarshallImage(NewImage)]
  const write = { id: eventID, time: Math.floor(ApproximateCreationDateTime) }
  if (key.startsWith(clientPrefix)) {
    const client_id = key.slice(clientPrefix.length)
    const client = (item: Item | undefined) => item && fromItem(client_id, item)
    return { entity: 'client', ...write, before: client(before), after: client(after) }
  }
  return {
    entity: 'initial_access_token',
    ...write,
    before: before && initialAccessTokenFromItem(before),
    after: after && initialAccessTokenFromItem(after),
    expired: userIdentity?.principalId === timeToLive,
  }
}

const clientPrefix = clientKey('').pk
const tokenPrefix = initialAccessTokenKey('').pk

/** The principal of deletions by time to live. */
const timeToLive = 'dynamodb.amazonaws.com'

/**
 * Only this service writes the table, so the shape is trusted. Binary values stay base64 text,
 * because they are only compared.
 */
const unmarshallImage = (image: object | undefined): Item | undefined =>
  image && unmarshall(image as Record<string, AttributeValue>)
