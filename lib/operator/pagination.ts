import { OAuthError } from '../errors.ts'

/** How many on a page, 1 to 100; 50 unless said. Throws OAuthError `invalid_request`. */
export function parseLimit(limit = '50'): number {
  const count = /^[1-9]\d{0,2}$/.test(limit) ? Number(limit) : 0
  if (count >= 1 && count <= 100) return count
  throw new OAuthError('invalid_request', 'limit: expected a whole number from 1 to 100')
}

/** Where a page begins, as the page before told it. Throws OAuthError `invalid_request`. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const position = Buffer.from(cursor, 'base64url').toString()
  if (/^\d{1,12}#[\x21-\x7E]{1,255}$/.test(position)) return position
  throw new OAuthError('invalid_request', 'cursor: expected next_cursor of an earlier page')
}

/** Where an entry stands in a listing: by its time of issue, then by its id. */
export const toPosition = (issuedAt: number, id: string): string => `${issuedAt}#${id}`

/** Bytes of the entries on a page: Lambda answers with 6 MB at most. */
const maxBytes = 4_000_000

/**
 * The first of these entries, as many as fit on a page, at least one. They are counted as Lambda answers them: JSON in a
 * JSON string, in which each quotation mark is two bytes.
 */
export function takeFitting<Entry>(entries: readonly Entry[]): readonly Entry[] {
  let bytes = 0
  const end = entries.findIndex((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(JSON.stringify(entry)))
    return bytes > maxBytes
  })
  return end === -1 ? entries : entries.slice(0, Math.max(end, 1))
}

export const encodeCursor = (position: string): string =>
  Buffer.from(position).toString('base64url')
