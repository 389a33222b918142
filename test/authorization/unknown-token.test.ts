import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { now, ordinary, outcomeOf } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'

const outcome = async (bearer: string, settings: SettingsInput) => {
  const server = await testServer({ settings })
  return outcomeOf(registerClient({ bearer, body: ordinary, now }, server))
}

describe('a bearer that is no token of this service', () => {
  const tokens = ['of-their-own', signer('https://elsewhere.example').accessToken(), 'a.b.c']

  test.each(tokens)(
    'is rejected in every mode, unless the settings say otherwise: %s',
    async (bearer) => {
      for (const registration of ['dynamic', 'token', 'scoped'] as const)
        expect(await outcome(bearer, { registration })).toBe('invalid_token')
    },
  )

  test.each(tokens)('counts as none where the settings say so: %s', async (bearer) => {
    const ignoreUnknownTokens = true
    expect(await outcome(bearer, { ignoreUnknownTokens, registration: 'dynamic' })).toBe('ok')
    for (const registration of ['token', 'scoped'] as const)
      expect(await outcome(bearer, { ignoreUnknownTokens, registration })).toBe('missing_token')
  })
})
