import { clientKey } from './active-client.ts'

const secondsPerDay = 86_400

/** Unix seconds at which the UTC day of this time began. */
const startOfDay = (time: number): number => time - (time % secondsPerDay)

/** Whether the client's use on the UTC day of `used_at`, or on a later one, is already recorded. */
export const isUseRecorded = (last_used_at: unknown, used_at: number): boolean =>
  typeof last_used_at === 'number' && last_used_at >= startOfDay(used_at)

/** The input of an UpdateItem request, in the form of `@aws-sdk/lib-dynamodb`. */
export type UseWrite = {
  readonly TableName: string
  readonly Key: Record<string, unknown>
  readonly UpdateExpression: string
  readonly ConditionExpression: string
  readonly ExpressionAttributeNames?: Record<string, string>
  readonly ExpressionAttributeValues: Record<string, unknown>
}

/**
 * The write that records a client's use, and revives the client if it is stale. Its condition fails
 * for an unknown client, and if a use on the same UTC day or a later one is already recorded, so a
 * repetition changes nothing. `used_at` in Unix seconds.
 */
export const useWrite = (TableName: string, client_id: string, used_at: number): UseWrite => ({
  TableName,
  Key: clientKey(client_id),
  UpdateExpression: 'SET last_used_at = :used_at REMOVE stale_at ADD #sequence :one',
  ConditionExpression:
    'attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR last_used_at < :day)',
  ExpressionAttributeNames: { '#sequence': 'sequence' }, // a reserved word
  ExpressionAttributeValues: { ':used_at': used_at, ':day': startOfDay(used_at), ':one': 1 },
})

/** The item that says when use was last reported: clean-up makes nobody stale without reports. */
export const useReportsKey = { pk: 'STATE#use-reports' }

/** The write that records a report; its condition fails if one of that UTC day is recorded. */
export const reportWrite = (TableName: string, now: number): UseWrite => ({
  TableName,
  Key: useReportsKey,
  UpdateExpression: 'SET last_used_at = :now',
  ConditionExpression: 'attribute_not_exists(last_used_at) OR last_used_at < :day',
  ExpressionAttributeValues: { ':now': now, ':day': startOfDay(now) },
})
