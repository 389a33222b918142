import type { RegisteredClient } from '../client.ts'

/**
 * A client's item as the document client of `@aws-sdk/lib-dynamodb` returns it, with all its
 * attributes. Without `disabled_at` in a projection, a disabled client looks enabled, and without
 * `stale_at` a stale one active.
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
  | 'previous_secret_digest'
  | 'previous_secret_jwe'
  | 'previous_secret_expires_at'
  | 'metadata'
>

/**
 * Why a client must be rejected. `unknown`: there is no item, it is not a client's, or it has
 * expired, because DynamoDB deletes expired items with a delay. `stale`: it was unused for long, and
 * its use revives it.
 */
export type Rejection = 'unknown' | 'newer_schema' | 'disabled' | 'stale'

/** Why this client must be rejected; undefined if it is active. `now` is in Unix seconds. */
export function rejectionOf(
  item: ClientItem | undefined,
  now = currentTime(),
): Rejection | undefined {
  const { pk, schema, disabled_at, stale_at, expires_at = Number.POSITIVE_INFINITY } = item ?? {}
  if (typeof pk !== 'string' || !pk.startsWith(prefix)) return 'unknown'
  if (typeof schema !== 'number' || schema > clientSchema) return 'newer_schema'
  if (typeof expires_at !== 'number' || expires_at <= now) return 'unknown'
  if (disabled_at !== undefined) return 'disabled'
  return stale_at === undefined ? undefined : 'stale'
}

/** Maps an item to its client; undefined if it must be rejected. */
export const activeClient = (
  item: ClientItem | undefined,
  now: number,
): ActiveClient | undefined =>
  rejectionOf(item, now) === undefined
    ? ({ ...item, client_id: clientIdOf(item) } as ActiveClient)
    : undefined

/** The identifier of a client's item. */
export const clientIdOf = (item: ClientItem | undefined): string =>
  String(item?.pk).slice(prefix.length)

/** Unix seconds. */
export const currentTime = (): number => Math.floor(Date.now() / 1000)
