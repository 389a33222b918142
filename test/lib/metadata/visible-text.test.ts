import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { redirect_uris } from './example.ts'

const parse = (sent: JsonObject) =>
  parseClientMetadata({ redirect_uris, ...sent }, parseSettings({}), {
    allowEmptyGrantTypes: false,
  })

const members = [
  'client_name',
  'client_name#ar',
  'organization_name',
  'organization_name#ja',
  'description',
  'description#x-own',
  'software_id',
  'software_version',
] as const

/** A character by its name in Unicode's charts. */
const at = (code: number) => String.fromCodePoint(code)

const invisible = [
  [0x0085, 'a control'],
  [0x00ad, 'a soft hyphen'],
  [0x034f, 'a grapheme joiner'],
  [0x061c, 'an Arabic letter mark'],
  [0x115f, 'a Hangul filler'],
  [0x180e, 'a Mongolian vowel separator'],
  [0x200b, 'a zero width space'],
  [0x200c, 'a zero width non-joiner between Latin letters'],
  [0x200d, 'a zero width joiner between Latin letters'],
  [0x200e, 'a left-to-right mark'],
  [0x200f, 'a right-to-left mark'],
  [0x2028, 'a line separator'],
  [0x202a, 'an embedding'],
  [0x202e, 'a right-to-left override'],
  [0x2060, 'a word joiner'],
  [0x2066, 'an isolate'],
  [0x2069, 'the end of an isolate'],
  [0x3164, 'a wide Hangul filler'],
  [0xfe0f, 'a variation selector'],
  [0xfeff, 'a byte order mark'],
  [0xffa0, 'a half-width Hangul filler'],
  [0xfff9, 'an annotation'],
  [0xfdd0, 'a noncharacter'],
  [0xffff, 'a noncharacter'],
  [0x1fffe, 'a noncharacter'],
  [0xe0041, 'a tag'],
  [0xe0100, 'an ideographic variation selector'],
] as const

describe('names and words that people are shown', () => {
  test.each(invisible)('are rejected with U+%s, %s', (code) => {
    for (const name of members)
      for (const text of [`Bank${at(code)}Example`, `Bank Example${at(code)}`, at(code)])
        expect(() => parse({ [name]: text })).toThrow(OAuthError)
    for (const name of ['contacts', 'keywords'])
      expect(() => parse({ [name]: ['a', `a${at(code)}b`] })).toThrow(OAuthError)
  })

  test.each([
    ['مصرف المثال', 'Arabic'],
    ['בנק לדוגמה (Example)', 'Hebrew with Latin'],
    ['می\u200cخواهم', 'Persian with a non-joiner'],
    ['क्\u200dष', 'Devanagari with a joiner'],
    ['ক্\u200cষ', 'Bengali with a non-joiner'],
    ['അവന്\u200d', 'Malayalam with a joiner at the end'],
    ['ශ්\u200dරී ලංකා', 'Sinhala with a joiner'],
    ['葛\u{e0100}城市', 'Han with a variant'],
    ['Müller & Söhne 🦊', 'Latin with an emoji'],
    ['👩\u200d👩\u200d👧\u200d👦', 'a family'],
    ['👩🏽\u200d🚀', 'an emoji with a skin tone'],
    ['🏳\ufe0f\u200d🌈', 'a flag of two'],
    ['❤\ufe0f☺\ufe0e', 'styles'],
    ['1\ufe0f\u20e3', 'a keycap'],
    ['🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}', 'the flag of Scotland'],
    ['Société\u202f: Exemple', 'French with a narrow space'],
    ['ノート', 'Kana'],
    ['한국 은행', 'Hangul'],
  ])('are kept with %s (%s)', (text) => {
    for (const name of members) expect(parse({ [name]: text })).toHaveProperty([name], text)
  })

  test.each([' ', '\u00a0', '\u2003\u3000', '\u2800'])(
    'are rejected where they show nothing: %j',
    (text) => {
      for (const name of members)
        expect(() => parse({ [name]: text })).toThrow(name.replace(/#.*/, ''))
    },
  )

  test('follow the same rule where the settings declare them', () => {
    const declared = { team: { type: 'string' }, tags: { type: 'strings' } } as const
    const settings = parseSettings({ metadata: { unknown: { allow: declared } } })
    const judge = (sent: JsonObject) =>
      parseClientMetadata({ redirect_uris, ...sent }, settings, { allowEmptyGrantTypes: false })
    const shown = 'Bank بنك'
    expect(judge({ team: shown, tags: [shown] })).toMatchObject({ team: shown, tags: [shown] })
    const hidden = `Bank${at(0x202e)}elpmaxE`
    expect(() => judge({ team: hidden })).toThrow('team: expected')
    expect(() => judge({ tags: [hidden] })).toThrow('tags: item 1')
  })

  test.each([
    'می\u200c',
    '\u200cمی',
    'می\u200c\u200cخواهم',
    '👩\u200d',
    '\u200d👩',
    'a\ufe0f',
    '🏴\u{e0067}\u{e0062}',
    '1\ufe0f',
  ])('are rejected with invisible characters that nothing there needs: %j', (text) => {
    expect(() => parse({ client_name: text })).toThrow(
      'invalid_client_metadata: client_name: expected a non-empty string without control, invisible or direction characters',
    )
  })
})
