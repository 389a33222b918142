import { describe, expect, test } from 'vitest'
import {
  aliasedScopes,
  aliasedTokenLifetime,
  canonicalMembers,
} from '../../../lib/permission/aliases.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'

const [on, off] = [parseSettings({ aliases: true }), parseSettings({})]
const uri = 'https://client.example/cb'

describe('aliases of registered members', () => {
  test.each([
    [{ redirect_url: uri }, { redirect_uris: [uri] }],
    [{ redirect_url: [uri] }, { redirect_uris: [uri] }],
    [{ redirect_url: 7 }, { redirect_uris: 7 }],
    [{ scopes: ['a', 'b'] }, { scope: 'a b' }],
    [{ scopes: [] }, { scope: '' }],
    [{ scopes: 'a b' }, { scope: 'a b' }],
    [{ scopes: ['a', 7] }, { scope: ['a', 7] }],
    [{ client_name: 'A' }, { client_name: 'A' }],
    [{ redirect_uris: [uri] }, { redirect_uris: [uri] }],
    [
      { redirect_url: uri, redirect_uris: [uri], scopes: ['a'], scope: 'a' },
      { redirect_uris: [uri], scope: 'a' },
    ],
  ])('%j means %j', (sent, members) => {
    expect(canonicalMembers(sent, on)).toStrictEqual(members)
    expect(canonicalMembers(sent, off)).toEqual(sent)
  })

  test('that differ from the member beside them are rejected', () => {
    expect(() => canonicalMembers({ redirect_url: uri, redirect_uris: [] }, on)).toThrow(
      'invalid_client_metadata: redirect_url: expected either redirect_url or redirect_uris',
    )
    expect(() =>
      canonicalMembers({ scopes: ['a'], scope: 'b' }, on, 'invalid_software_statement'),
    ).toThrow('invalid_software_statement: scopes: expected either scopes or scope')
  })

  test('are in a response where aliases are on', () => {
    expect(aliasedScopes('a b', on)).toEqual({ scopes: ['a', 'b'] })
    expect(aliasedScopes(undefined, on)).toEqual({})
    expect(aliasedScopes('a b', off)).toEqual({})
    expect(aliasedTokenLifetime(160, 100, on)).toEqual({ registration_access_token_expires_in: 60 })
    expect(aliasedTokenLifetime(undefined, 100, on)).toEqual({})
    expect(aliasedTokenLifetime(160, 100, off)).toEqual({})
  })
})
