import { OAuthError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/json.ts'
import { isSharedClientId } from '../../../lib/sharing/shared-client-id.ts'
import { assignableClientId, isAssignableClientId } from '../../../lib/tokens/client-id.ts'
import { maxSeconds } from '../export/line-values.ts'

/** A client of another server, in the names of RFC 7591. */
export type MappedClient = {
  readonly client_id: string
  /** Unix seconds. */
  readonly client_id_issued_at?: number | undefined
  /** As a registration request would have it: the rules of the service are still to apply. */
  readonly metadata: JsonObject
  readonly client_secret?: string | undefined
  /** Unix seconds; 0 means never. */
  readonly client_secret_expires_at?: number | undefined
  readonly disabled?: boolean
  /** What the other server knows of the client, and has no meaning here. */
  readonly dropped: readonly string[]
}

/** A record that is no client of this service, and the reason. */
export type SkippedRecord = { readonly skipped: string; readonly client_id?: string | undefined }

/** Maps a record of another server's export. Throws OAuthError `invalid_request`. */
export type Mapping = (record: JsonObject) => MappedClient | SkippedRecord

/**
 * The identifier of a client of another server, as this service could have issued it. Throws
 * OAuthError `invalid_request`.
 */
export function importedClientId(value: unknown, member: string): string {
  if (typeof value !== 'string') throw invalid(`${member}: expected a string`)
  if (!isAssignableClientId(value)) throw invalid(`${member}: expected ${assignableClientId}`)
  if (isSharedClientId(value)) throw invalid(`${member}: this form is kept for shared clients`)
  return value
}

/** Ten digits, because lists are sorted by the text of a time. */
const isIssueTime = (seconds: number): boolean =>
  Number.isSafeInteger(seconds) && seconds >= 1_000_000_000 && seconds <= maxSeconds

/** Unix seconds of an RFC 3339 time; undefined for anything else, and for the year 1 of Go. */
export function parseTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Math.floor(Date.parse(value) / 1000) : Number.NaN
  return isIssueTime(time) ? time : undefined
}

/** Unix seconds of a number or of its digits. */
export function parseSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  return typeof seconds === 'number' && (seconds === 0 || isIssueTime(seconds))
    ? seconds
    : undefined
}

/** Whether a value says something: not null, false, empty or an empty list or object. */
export const isMeaningful = (value: unknown): boolean =>
  !(value === null || value === undefined || value === false || value === '') &&
  !(typeof value === 'object' && Object.keys(value).length === 0)

const invalid = (description: string) => new OAuthError('invalid_request', description)
