/**
 * What is not seen, or turns the direction of the text around it: controls, separators of lines, noncharacters, and what
 * Unicode has renderers ignore, which includes all that overrides direction (RFC 8264 §9.12, §9.13, Unicode UAX #9).
 */
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u

/** Letters that are written differently beside a joiner: cursive and Indic scripts (RFC 8264 §9.8, RFC 5892 Appendix A). */
const joining =
  'Arab Syrc Nkoo Mong Adlm Rohg Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr Tibt Bali Java'

/** Signs that take a vowel from its consonant, after which a joiner chooses the form. */
const viramas =
  '\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA\\u1039\\u17D2\\u1B44\\uA9C0'

let pattern: RegExp | undefined

/** Where a script or an emoji needs what is otherwise unseen. Few texts have such, so that it is made for the first. */
function needed(): RegExp {
  const letter = `[${joining.replace(/\w+ ?/g, (script) => `\\p{scx=${script.trim()}}`)}]`
  pattern ??= new RegExp(
    [
      `(?<=${letter})[\\u200C\\u200D](?=${letter})`,
      `(?<=[${viramas}])[\\u200C\\u200D]`,
      // An emoji of several, the style of one, a keycap, the flag of a region inside a country.
      '(?<=[\\p{ExtPict}\\p{EMod}\\uFE0F])\\u200D(?=\\p{ExtPict})',
      '(?<=\\p{ExtPict})[\\uFE0E\\uFE0F]',
      '(?<=[0-9#*])\\uFE0F(?=\\u20E3)',
      '(?<=\\u{1F3F4})[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{3,6}\\u{E007F}',
      // Variants of a Han or a Mongolian letter, as names are written with.
      '(?<=\\p{sc=Han})[\\u{E0100}-\\u{E01EF}]',
      '(?<=\\p{sc=Mong})[\\u180B-\\u180D\\u180F]',
    ].join('|'),
    'gu',
  )
  return pattern
}

/** Anything but spaces of whatever width, and the Braille pattern without a dot. */
const inked = /[^\p{Z}\u2800]/u

/** Whether people see a text, and all of it: two that look the same differ in letters that look alike, and in nothing else. */
export const isVisible = (text: string): boolean =>
  inked.test(text) && (!unseen.test(text) || !unseen.test(text.replace(needed(), '')))
