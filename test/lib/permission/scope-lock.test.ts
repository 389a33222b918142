import { describe, expect, test } from 'vitest'
import { type ScopeLock, scopeLock, withinLock } from '../../../lib/permission/scope-lock.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'

describe('the lock of an initial access token', () => {
  test.each<[string, ScopeLock | undefined]>([
    ['client-reg', {}],
    ['openid client-reg profile', {}],
    ['client-reg client-reg:grant:code', {}],
    ['client-reg:grant:code', { grants: ['authorization_code'] }],
    ['client-reg:grant:authorization_code', { grants: ['authorization_code'] }],
    [
      'client-reg:grant:code client-reg:grant:refresh_token',
      { grants: ['authorization_code', 'refresh_token'] },
    ],
    [
      'client-reg:grant:urn:ietf:params:oauth:grant-type:device_code',
      { grants: ['urn:ietf:params:oauth:grant-type:device_code'] },
    ],
    ['client-reg:scope:openid client-reg:scope:a:b', { scopes: ['openid', 'a:b'] }],
    [
      'client-reg:grant:code client-reg:scope:openid',
      { grants: ['authorization_code'], scopes: ['openid'] },
    ],
    ['', undefined],
    ['openid', undefined],
    ['client-regs', undefined],
    ['Client-Reg', undefined],
    ['xclient-reg:grant:code', undefined],
    ['client-reg:', undefined],
    ['client-reg:grant', undefined],
    ['client-reg:grant:', undefined],
    ['client-reg:scope:', undefined],
    ['client-reg:grants:code', undefined],
    ['client-reg:admin', undefined],
    ['client-reg:GRANT:code', undefined],
  ])('is parsed from its scope %j', (scope, lock) => {
    expect(scopeLock(scope, 'client-reg')).toEqual(lock)
  })

  test.each<[string, SettingsInput]>([
    ['the settings', { metadata: { scopes: ['openid'] } }],
    ['the metadata that is published', { discovery: { scopes_supported: ['openid'] } }],
  ])('allows no scope that %s do not', (_, settings) => {
    const { metadata } = withinLock(parseSettings(settings), { scopes: ['openid', 'admin'] })
    expect(metadata.scopes).toEqual(['openid'])
  })

  test('allows no grant type or response type outside', () => {
    const responseTypes = ['code', 'token', 'code id_token', 'none']
    const grantTypes = ['authorization_code', 'implicit', 'refresh_token']
    const settings = parseSettings({ metadata: { grantTypes, responseTypes } })
    const locked = withinLock(settings, { grants: ['authorization_code', 'other'] })
    expect(locked.metadata).toEqual({
      ...settings.metadata,
      grantTypes: ['authorization_code'],
      responseTypes: ['code', 'none'],
    })
    expect(locked.registration).toBe(settings.registration)
    expect(withinLock(settings, {})).toEqual(settings)
  })

  test('has its scopes in the order of the lock, where the server supports any', () => {
    expect(withinLock(parseSettings({}), { scopes: ['b', 'a'] }).metadata.scopes).toEqual([
      'b',
      'a',
    ])
  })
})
