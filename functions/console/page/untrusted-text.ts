import { element } from './elements.ts'

/**
 * A whole emoji, whose joiners are seen as one picture; or a character that is not seen, is seen as
 * a space, or turns the direction of others.
 */
const invisibleCharacters =
  /(?<emoji>\p{RGI_Emoji})|[[\p{Z}--[ ]]\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gv

/**
 * Elements are what a long text costs: after so many of them the rest is written out as plain text.
 */
const maxMarks = 100

/**
 * Text of somebody else. It cannot turn the direction of what stands around it (Unicode UAX #9),
 * and says what of it could not be seen: two names that look the same differ in letters that look
 * alike, and in nothing else.
 */
export function untrustedText(text: string, attributes: Readonly<Record<string, string>> = {}) {
  const made = element('bdi', attributes)
  let end = 0
  let marks = 0
  for (const { 0: found, index, groups } of text.matchAll(invisibleCharacters)) {
    if (groups?.emoji !== undefined) continue
    if (marks === maxMarks) break
    made.append(text.slice(end, index), element('span', { class: 'unseen' }, codePoint(found)))
    end = index + found.length
    marks += 1
  }
  made.append(escapeInvisible(text.slice(end)))
  return made
}

/** The plain-text equivalent of `untrustedText`, for titles and attributes. */
export const escapeInvisible = (text: string): string =>
  text.replace(invisibleCharacters, (found, emoji?: string) => emoji ?? codePoint(found))

/** Maximum length of a name in UTF-16 code units: more than fits on three lines. */
const maxNameLength = 256

/**
 * The beginning of a name, for where many are shown at once. It is cut before it is examined, so
 * that what a list costs does not grow with what others wrote into it.
 */
export const truncated = (name: string): string =>
  name.length <= maxNameLength
    ? name
    : `${name.slice(0, maxNameLength).replace(/[\uD800-\uDBFF]$/, '')}…`

/**
 * A name where there is room for a few lines: the style cuts it off, and its title says a little
 * more.
 */
export function truncatedName(name: string): HTMLElement {
  const beginning = truncated(name)
  return untrustedText(beginning, { class: 'clamped', title: escapeInvisible(beginning) })
}

const codePoint = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
