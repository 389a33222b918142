import { element } from './elements.ts'

/** A whole emoji, whose joiners are seen as one picture; or a character that is not seen, is seen as a space, or turns the direction of others. */
const unseen =
  /(?<emoji>\p{RGI_Emoji})|[[\p{Z}--[ ]]\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gv

/**
 * Text of somebody else. It cannot turn the direction of what stands around it (Unicode UAX #9), and says what of it
 * could not be seen: two names that look the same differ in letters that look alike, and in nothing else.
 */
export function foreign(text: string, attributes: Readonly<Record<string, string>> = {}) {
  const made = element('bdi', attributes)
  let end = 0
  for (const { 0: found, index, groups } of text.matchAll(unseen)) {
    if (groups?.emoji !== undefined) continue
    const shown = element('span', { class: 'unseen' }, nameOf(found))
    made.append(text.slice(end, index), shown)
    end = index + found.length
  }
  made.append(text.slice(end))
  return made
}

/** The same where only plain text can stand. */
export const visible = (text: string): string => foreign(text).textContent

/** The same where there is room for a few lines: the rest is cut off by the style, the whole is in its title. */
export const clamped = (text: string): HTMLElement =>
  foreign(text, { class: 'clamped', title: visible(text) })

const nameOf = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
