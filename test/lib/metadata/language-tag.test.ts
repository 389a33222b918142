import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../lib/json.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { redirect_uris } from './example.ts'

const parse = (metadata: JsonObject) =>
  parseClientMetadata({ redirect_uris, ...metadata }, parseSettings({}), {
    allowEmptyGrantTypes: false,
  })

describe('RFC 7591 §2.2 Human-Readable Client Metadata', () => {
  test.each([
    'client_name',
    'client_uri',
    'logo_uri',
    'tos_uri',
    'policy_uri',
    'organization_name',
    'description',
    'information_uri',
    'organization_uri',
  ])('%s may be sent in several languages', (name) => {
    const value = name.endsWith('uri') ? 'https://client.example/x' : 'x'
    expect(parse({ [name]: value, [`${name}#de`]: value })).toHaveProperty([`${name}#de`], value)
  })

  test.each([
    'ja',
    'JA-jp',
    'zh-Hant-HK',
    'de-CH-1996',
    'sl-rozaj-biske',
    'es-419',
    'x-own',
    'en-a-bbb-x-a',
    'zh-cmn-yue-hak',
    'abcd',
    'abcdefgh-Latn',
    'de-1996-12345',
    'en-1-bb-cc22-b-dd',
    'en-x-a1-b2',
    'x-a1-b2',
    `x${'-12345678'.repeat(7)}`,
  ])('the tag %s is kept as it was sent', (tag) => {
    expect(parse({ [`client_name#${tag}`]: 'x' })).toHaveProperty([`client_name#${tag}`], 'x')
  })

  test.each([
    '',
    'ja_JP',
    'j',
    'ja-',
    '-ja',
    'ja--JP',
    'toolonglanguage',
    'de-1',
    'zh-cmn-yue-hak-gan',
    'en-a-b-x-a',
    'en-a',
    'en-x',
    'x',
    'x-.',
    `x${'-1234567'.repeat(8)}`,
    'de-12.45',
    'en-.-bb',
    'en-a-b.',
    'ja#de',
    'jä',
    'a'.repeat(65),
  ])('the tag "%s" is rejected, and not repeated', (tag) => {
    expect(() => parse({ [`client_name#${tag}`]: 'x' })).toThrow(
      'invalid_client_metadata: client_name: expected a language tag as BCP 47 writes it after #',
    )
  })

  test('a tag that differs by case only is rejected', () => {
    expect(() => parse({ 'client_name#ja': 'x', 'client_name#JA': 'y' })).toThrow(/each language/)
    expect(
      parse({ 'client_name#ja': 'x', 'client_uri#JA': 'https://client.example' }),
    ).toBeDefined()
  })

  test('a value obeys the rule of its name', () => {
    expect(() => parse({ 'logo_uri#ja': 'javascript:alert(1)' })).toThrow(
      /^invalid_client_metadata: logo_uri: /,
    )
    expect(() => parse({ 'client_name#ja': '' })).toThrow(/client_name: expected/)
  })

  test('twenty languages are accepted, one more is rejected', () => {
    const named = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`client_name#de-x-${index}`, 'x']),
      )
    expect(Object.keys(parse(named(20)))).toContain('client_name#de-x-19')
    expect(() => parse(named(21))).toThrow(/at most 20 languages/)
  })

  test('a tag on another name is an unknown member', () => {
    expect(parse({ 'scope#ja': 'x', 'other#ja': 1 })).not.toHaveProperty(['scope#ja'])
  })

  test('a tagged member that is null is omitted', () => {
    expect(parse({ 'client_name#ja': null })).not.toHaveProperty(['client_name#ja'])
  })
})
