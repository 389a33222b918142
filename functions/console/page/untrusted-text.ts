import { element } from './elements.ts'

/**
 * Matches either a complete emoji, whose joiners are part of one visible glyph, or a character that
 * is invisible, looks like a space or changes the text direction.
 */
const invisibleCharacters =
  /(?<emoji>\p{RGI_Emoji})|[[\p{Z}--[ ]]\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gv

/**
 * Maximum number of elements per text, because elements make a long text expensive to render. The
 * remaining characters are escaped as plain text.
 */
const maxMarks = 100

/**
 * Renders client input safely. It cannot change the direction of the surrounding text (Unicode UAX
 * #9), and invisible characters are shown as code points. Two different names can therefore only
 * look the same because of lookalike letters.
 */
export function untrustedText(text: string, attributes: Readonly<Record<string, string>> = {}) {
  const made = element('bdi', attributes)
  let end = 0
  let marks = 0
  for (const { 0: found, index, groups } of text.matchAll(invisibleCharacters)) {
    if (groups?.emoji !== undefined) continue
    if (marks === maxMarks) break
    made.append(text.slice(end, index), element('span', { class: 'invisible' }, codePoint(found)))
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
 * Truncates a name for lists. It is truncated before it is examined, so that client input cannot
 * make a list slow to render.
 */
export const truncated = (name: string): string =>
  name.length <= maxNameLength
    ? name
    : `${name.slice(0, maxNameLength).replace(/[\uD800-\uDBFF]$/, '')}…`

/** A name limited to a few lines by CSS. Its `title` shows more of it. */
export function truncatedName(name: string): HTMLElement {
  const beginning = truncated(name)
  return untrustedText(beginning, { class: 'truncated', title: escapeInvisible(beginning) })
}

const codePoint = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
