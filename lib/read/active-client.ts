import type { RegisteredClient } from '../client.ts'

/**
 * A client's item as the document client of `@aws-sdk/lib-dynamodb` returns it, with all its
 * attributes. Without `disabled_at` in a projection, a disabled client looks enabled.
 */
export type ClientItem = Readonly<Record<string, unknown>>

/**
 * Version of the client schema, stored on each item as `schema`. From 2 on, `owner` includes the
 * issuer of an access token, and `iss` is set only if there is no owner.
 */
export const clientSchema = 2

const prefix = 'CLIENT#'

export const clientKey = (client_id: string) => ({ pk: `${prefix}${client_id}` })

/** What authorization servers use of a stored registration. */
export type ActiveClient = Pick<
  RegisteredClient,
  | 'client_id'
  | 'client_id_issued_at'
  | 'client_secret_expires_at'
  | 'secret_digest'
  | 'secret_jwe'
  | 'metadata'
>

/**
 * Maps an item to its client. Undefined if there is no item, or if it is not a client's, is of a
 * newer schema, is disabled, or has expired: DynamoDB deletes expired items with a delay.
 */
export function activeClient(item: ClientItem | undefined, now: number): ActiveClient | undefined {
  const { pk, schema, disabled_at, expires_at = Number.POSITIVE_INFINITY } = item ?? {}
  if (typeof pk !== 'string' || !pk.startsWith(prefix)) return undefined
  if (typeof schema !== 'number' || schema > clientSchema) return undefined
  if (disabled_at !== undefined) return undefined
  if (typeof expires_at !== 'number' || expires_at <= now) return undefined
  return { ...item, client_id: pk.slice(prefix.length) } as ActiveClient
}

/** Unix seconds. */
export const currentTime = (): number => Math.floor(Date.now() / 1000)
