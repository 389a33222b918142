/**
 * Characters that are invisible or change text direction: controls, line separators, noncharacters
 * and Unicode's default ignorable characters, which include all direction overrides (RFC 8264
 * §9.12, §9.13, Unicode UAX #9).
 */
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u

/**
 * Letters whose form a joiner changes: cursive and Indic scripts (RFC 8264 §9.8, RFC 5892 Appendix
 * A).
 */
const joining =
  'Arab Syrc Nkoo Mong Adlm Rohg Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr Tibt Bali Java'

/** Virama signs, which suppress a consonant's vowel. A joiner after one selects the letter form. */
const viramas =
  '\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA\\u1039\\u17D2\\u1B44\\uA9C0'

let pattern: RegExp | undefined

/**
 * Where a script or an emoji requires an otherwise invisible character. Few texts contain one, so
 * the expression is compiled on first use.
 */
function needed(): RegExp {
  pattern ??= compile()
  return pattern
}

function compile(): RegExp {
  const letter = `[${joining.replace(/\w+ ?/g, (script) => `\\p{scx=${script.trim()}}`)}]`
  return new RegExp(
    [
      `(?<=${letter})[\\u200C\\u200D](?=${letter})`,
      `(?<=[${viramas}])[\\u200C\\u200D]`,
      // Emoji ZWJ sequences, variation selectors, keycaps and flags of subdivisions.
      '(?<=[\\p{ExtPict}\\p{EMod}\\uFE0F])\\u200D(?=\\p{ExtPict})',
      '(?<=\\p{ExtPict})[\\uFE0E\\uFE0F]',
      '(?<=[0-9#*])\\uFE0F(?=\\u20E3)',
      '(?<=\\u{1F3F4})[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{3,6}\\u{E007F}',
      // Variants of Han and Mongolian letters, which occur in names.
      '(?<=\\p{sc=Han})[\\u{E0100}-\\u{E01EF}]',
      '(?<=\\p{sc=Mong})[\\u180B-\\u180D\\u180F]',
    ].join('|'),
    'gu',
  )
}

/** Anything except spaces of any width and the blank Braille pattern. */
const inked = /[^\p{Z}\u2800]/u

/**
 * Whether a text is visible in full. Two visible texts that look the same then differ only in
 * look-alike letters.
 */
export const isVisible = (text: string): boolean =>
  inked.test(text) && (!invisible.test(text) || !invisible.test(text.replace(needed(), '')))
