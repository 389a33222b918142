import { describe, expect, test } from 'vitest'
import { dropOmitted } from '../../../lib/metadata/omitted.ts'
import {
  asksForNoScope,
  isScopeToken,
  scopeTokens,
} from '../../../lib/metadata/rules/scope-tokens.ts'
import { isTextMember } from '../../../lib/metadata/text-member.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'

describe('RFC 7592 §2.2 an omitted member', () => {
  test('is null or an empty string, and no other value', () => {
    const kept = { a: 0, b: false, c: [], d: {}, e: ' ', f: 'null' }
    expect(dropOmitted({ ...kept, g: null, h: '', client_name: '' })).toEqual(kept)
  })

  test.each(['redirect_uris', 'redirect_url'])('is not an empty %s, which is an error', (name) => {
    expect(dropOmitted({ [name]: '' })).toEqual({ [name]: '' })
    expect(dropOmitted({ [name]: null })).toEqual({})
  })
})

describe('RFC 6749 §3.3 scope', () => {
  test.each([undefined, null, '', ' ', '   '])('%j leaves the scope to the server', (scope) => {
    expect(asksForNoScope(scope)).toBe(true)
  })

  test.each(['a', ' a ', 0, false, [], {}])(
    '%j does not leave the scope to the server',
    (scope) => {
      expect(asksForNoScope(scope)).toBe(false)
    },
  )

  test('has its tokens between any number of spaces', () => {
    expect(scopeTokens(' a  b:c ')).toEqual(['a', 'b:c'])
  })

  test.each(['a', '!', '#', '[', ']', '~', 'client-reg:scope:a', 'A1'])('%s is a token', (text) => {
    expect(isScopeToken(text)).toBe(true)
  })

  test.each(['', ' ', 'a b', '"', 'a"', '"a', '\\', 'a\\b', '\u007f', '\u0020', 'é', 'a\n'])(
    '%j is no token',
    (text) => {
      expect(isScopeToken(text)).toBe(false)
    },
  )
})

describe('a text member', () => {
  const declared = {
    metadata: {
      unknown: { allow: { tier: { type: 'string' }, level: { type: 'integer' } } },
    },
  } as const

  test.each(['client_name', 'client_name#de', 'client_name#de#at', 'software_version'])(
    'is %s, in any language',
    (name) => {
      expect(isTextMember(name, parseSettings({}))).toBe(true)
    },
  )

  test('is a custom member that the settings declare as a string', () => {
    const settings = parseSettings(declared)
    expect(isTextMember('tier', settings)).toBe(true)
    for (const name of ['level', 'other', 'client_uri', 'redirect_uris', 'tier#de'])
      expect(isTextMember(name, settings), name).toBe(false)
    expect(isTextMember('tier', parseSettings({}))).toBe(false)
  })
})
