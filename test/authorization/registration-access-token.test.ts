import { describe, expect, test } from 'vitest'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import type { Policy } from '../../lib/policy/policy.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { type ProfileName, profiles } from '../../lib/settings/profiles.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'

const unissued = {
  aliases: true,
  registrationAccessToken: { issue: false, rotateOn: [] },
} satisfies SettingsInput

async function register(server: Server, body: object = ordinary) {
  const bearer = await initialAccessToken(server)
  return registerClient({ bearer, body: { ...body }, now }, server)
}

describe('a registration access token', () => {
  test('is neither returned nor stored where the settings say never', async () => {
    const server = await testServer({ settings: unissued })
    const answer = await register(server)
    for (const member of [
      'registration_access_token',
      'registration_client_uri',
      'registration_access_token_expires_in',
    ])
      expect(answer).not.toHaveProperty(member)
    const { client_id } = answer
    expect(await server.clients.find(client_id)).not.toHaveProperty('token_digest')
    const bearer = `rat_${'a'.repeat(43)}`
    for (const token of [bearer, masterToken, 'undefined'])
      expect(await outcomeOf(readClient({ bearer: token, client_id, now }, server))).toBe(
        'invalid_token',
      )
  })

  test('can be issued by the operator where the settings say never', async () => {
    const server = await testServer({ settings: unissued })
    const { client_id } = await register(server)
    const { registration_access_token: bearer } = await reissueRegistrationAccessToken(
      { bearer: masterToken, client_id, now },
      server,
    )
    expect(await outcomeOf(readClient({ bearer, client_id, now }, server))).toBe('ok')
  })

  test.each([
    [true, { rotateOn: [] }],
    [false, { issue: false, rotateOn: [] }],
  ])(
    'is issued as a policy decides, where the settings say %s',
    async (_, registrationAccessToken) => {
      const decide: Policy = (context, { client_name }) =>
        context.issueRegistrationAccessToken(client_name === 'Managed')
      const plain = await testServer({ settings: { registrationAccessToken } })
      const settings = { ...plain.settings, policies: ['decide'] }
      const server = { ...plain, settings, policies: new Map([['decide', decide]]) }
      const managed = await register(server, { ...ordinary, client_name: 'Managed' })
      const { client_id, registration_access_token: bearer } = managed
      expect(await outcomeOf(readClient({ bearer, client_id, now }, server))).toBe('ok')
      expect(await register(server)).not.toHaveProperty('registration_access_token')
    },
  )
})

describe('the lifetime of a registration access token', () => {
  test.each<[string, SettingsInput, number | undefined]>([
    [
      'not answered by default: the name is in no registry, and strict clients reject it',
      {},
      undefined,
    ],
    ['answered with aliases', { aliases: true }, 2_592_000],
    ['answered by the profile secureauth', { profile: 'secureauth' }, 2_592_000],
  ])('in seconds is %s', async (_, settings, expected) => {
    const server = await testServer({ settings })
    const first = await registerClient({ bearer: masterToken, body: ordinary, now }, server)
    const { client_id } = first
    const own = (answer: { readonly registration_access_token?: string }) => ({
      bearer: answer.registration_access_token,
      client_id,
      now,
    })
    const second = await readClient(own(first), server)
    const body = { ...ordinary, client_id }
    const third = await updateClient({ ...own(second), body }, server)
    const request = { bearer: masterToken, client_id, now }
    const fourth = await reissueRegistrationAccessToken(request, server)
    for (const answer of [first, second, third, fourth])
      expect(answer.registration_access_token_expires_in).toBe(expected)
  })

  test('is unlimited with the setting 0, through rotations, updates and reissue', async () => {
    const server = await testServer({
      settings: {
        aliases: true,
        registrationAccessToken: { rotateOn: ['read', 'update'], lifetime: 0 },
      },
    })
    const { client_id, ...first } = await register(server)
    const later = now + 3650 * 86_400
    const second = await readClient(
      { bearer: first.registration_access_token, client_id, now: later },
      server,
    )
    const body = { ...ordinary, client_id }
    const third = await updateClient(
      { bearer: second.registration_access_token, client_id, body, now: later },
      server,
    )
    const fourth = await reissueRegistrationAccessToken(
      { bearer: masterToken, client_id, now: later },
      server,
    )
    for (const answer of [first, second, third, fourth])
      expect(answer).not.toHaveProperty('registration_access_token_expires_in')
    const request = readClient(
      { bearer: fourth.registration_access_token, client_id, now: 2 * later },
      server,
    )
    expect(await outcomeOf(request)).toBe('ok')
  })

  test('becomes unlimited at the next rotation, once the settings say 0', async () => {
    const server = await testServer({ settings: { registrationAccessToken: { lifetime: 100 } } })
    const { client_id, registration_access_token: bearer } = await register(server)
    const forever = {
      ...server,
      settings: parseSettings({
        aliases: true,
        registrationAccessToken: { rotateOn: ['read', 'update'], lifetime: 0 },
      }),
    }
    const read = await readClient({ bearer, client_id, now }, forever)
    expect(read).not.toHaveProperty('registration_access_token_expires_in')
    const request = { bearer: read.registration_access_token, client_id, now: now + 1000 }
    expect(await outcomeOf(readClient(request, forever))).toBe('ok')
  })
})

const profileNames = Object.keys(profiles) as ProfileName[]

describe('profiles with settings of a stage', () => {
  const stages: [string, SettingsInput, readonly boolean[]][] = [
    ['as they are', {}, []],
    ['without rotation', { registrationAccessToken: { rotateOn: [] } }, [false, false]],
    ['rotating on reads only', { registrationAccessToken: { rotateOn: ['read'] } }, [true, false]],
    [
      'with a window',
      { registrationAccessToken: { rotateOn: ['read', 'update'], reuseWindow: 60 } },
      [true, true],
    ],
    ['with digests', { clientSecret: { storage: 'digest' } }, []],
    [
      'with tokens for several attempts',
      { initialAccessToken: { consumed: 'on_attempt', maxUses: 3 } },
      [],
    ],
  ]

  describe.each(stages)('%s', (_, settings, rotations) => {
    test.each(profileNames)('%s registers, reads and updates', async (profile) => {
      const server = await testServer({ settings: { ...settings, profile } })
      const bearer = await initialAccessToken(server)
      const { client_id, registration_access_token: first } = await registerClient(
        { bearer, body: ordinary, now },
        server,
      )
      const { registration_access_token: second } = await readClient(
        { bearer: first, client_id, now },
        server,
      )
      const body = { ...ordinary, client_id }
      const { registration_access_token: third } = await updateClient(
        { bearer: second, client_id, body, now },
        server,
      )
      const { rotateOn } = server.settings.registrationAccessToken
      const expected =
        rotations.length > 0
          ? rotations
          : (['read', 'update'] as const).map((on) => rotateOn.includes(on))
      expect([second !== first, third !== second]).toEqual(expected)
      expect(await outcomeOf(readClient({ bearer: third, client_id, now }, server))).toBe('ok')
    })
  })

  test.each(profileNames)('%s without a token at all registers', async (profile) => {
    const server = await testServer({
      settings: { profile, registrationAccessToken: { issue: false } },
    })
    expect(await register(server)).not.toHaveProperty('registration_access_token')
  })
})
