import { OAuthError } from '../errors.ts'

/** Parses the page size, 1 to 100; default 50. Throws OAuthError `invalid_request`. */
export function parseLimit(limit = '50'): number {
  const count = /^[1-9]\d{0,2}$/.test(limit) ? Number(limit) : 0
  if (count >= 1 && count <= 100) return count
  throw new OAuthError('invalid_request', 'limit: expected a whole number from 1 to 100')
}

/** Whether a text is a position in an order of time. */
const isPosition = (text: string): boolean => /^\d{1,12}#[\x21-\x7E]{1,255}$/.test(text)

/**
 * Decodes `next_cursor` of the previous page, which must be a position in the same order. Throws
 * OAuthError `invalid_request`.
 */
export function decodeCursor(
  cursor: string | undefined,
  isInOrder: (position: string) => boolean = isPosition,
): string | undefined {
  if (cursor === undefined) return undefined
  const position = Buffer.from(cursor, 'base64url').toString()
  if (isInOrder(position)) return position
  throw new OAuthError('invalid_request', 'cursor: expected next_cursor of an earlier page')
}

/** Sort position of an entry: time of issue (Unix seconds), then id. */
export const toPosition = (issuedAt: number, id: string): string => `${issuedAt}#${id}`

/** Maximum bytes of the entries on a page; Lambda limits a response to 6 MB. */
const maxBytes = 4_000_000

/**
 * Returns the leading entries that fit on a page, at least one. Sizes are those of the Lambda
 * response: JSON inside a JSON string, in which each quotation mark takes two bytes.
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

/** The `next_cursor` of a response; empty on the last page. */
export const nextCursor = (position: string | undefined): { readonly next_cursor?: string } =>
  position === undefined ? {} : { next_cursor: encodeCursor(position) }
