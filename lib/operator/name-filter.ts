import type { ClientMetadata } from '../metadata/client-metadata.ts'

/**
 * Maximum bytes of a name in UTF-8 by which clients are ordered. Clients whose names are equal so
 * far are ordered by client_id.
 */
const maxSortedBytes = 128

/** Sorts before every character that a normalized name contains. */
const separator = '\t'

const ignorable = /\p{Default_Ignorable_Code_Point}/gu
const spaces = /[\p{Z}\p{Cc}]+/gu

/**
 * A name as it is compared: in Unicode's compatibility form (UAX #15 NFKC), in lower case, without
 * invisible characters, with single spaces. So ｇｏｏｇｌｅ is found as google.
 */
export const normalizedName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(ignorable, '')
    .replace(spaces, ' ')
    .trimStart()

/**
 * The normalized name by which a client is found: `client_name`, or else its first translation in
 * the order of the language tags (RFC 7591 §2.2). Undefined for a client without a name.
 */
export function nameOf(metadata: ClientMetadata): string | undefined {
  const [, name] =
    Object.entries(metadata)
      .filter(([member]) => member === 'client_name' || member.startsWith('client_name#'))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .at(0) ?? []
  const normalized = typeof name === 'string' ? normalizedName(name) : ''
  return normalized === '' ? undefined : normalized
}

/** The beginning of a normalized name that is sorted. */
export function sortedBeginning(name: string): string {
  let bytes = 0
  let end = 0
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxSortedBytes) break
    end += character.length
  }
  return name.slice(0, end)
}

/** Sort position of a client in the order of names: the beginning of its name, then its id. */
export const namePosition = (name: string, client_id: string): string =>
  `${sortedBeginning(name)}${separator}${client_id}`

/** Whether a text is such a position, of a name that begins with this one. */
export const isNamePosition = (position: string, prefix: string): boolean =>
  position.startsWith(sortedBeginning(prefix)) &&
  /^[^\t\u{10FFFF}]{1,128}\t[\x21-\x7E]{1,255}$/u.test(position)
