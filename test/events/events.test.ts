import { parse } from 'valibot'
import { describe, expect, test } from 'vitest'
import { details, type RegistryEvent } from '../../lib/events/registry-event.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { client, initialAccessToken } from './lifecycle.ts'
import { eventsOf, recordsOf } from './stream.ts'

type Server = Awaited<ReturnType<typeof testServer>>

const rotating: SettingsInput = { registrationAccessToken: { rotateOn: ['read', 'update'] } }

/** The events of a piece of work on a table of its own; each is as its schema says. */
async function published(
  work: (server: Server) => Promise<unknown>,
  settings: SettingsInput = rotating,
) {
  const server = await testServer({ settings })
  const events = eventsOf(await recordsOf(server, () => work(server)))
  for (const { type, detail } of events) parse(details[type], detail)
  return events
}

const outlines = (events: readonly RegistryEvent[]) =>
  events.map(({ type, detail }) => {
    const changed = 'changed' in detail ? [detail.changed.join(' ')] : []
    return [type, detail.sequence, ...changed].join(' ')
  })

describe('the events of a client', () => {
  test.each<[string, (one: Awaited<ReturnType<typeof client>>) => Promise<unknown>, string[]]>([
    ['a read, which rotates', (one) => one.read(), []],
    ['a reissue', (one) => one.reissue(), []],
    ['an update of nothing', (one) => one.update({}), []],
    ['a change of nothing', (one) => one.change({}), []],
    ['enabling what is enabled', (one) => one.change({ disabled: false }), []],
    ['an update', (one) => one.update({ client_name: 'B' }), ['client.updated 2 client_name']],
    [
      'an update that leaves members out and adds others',
      (one) => one.update({ client_name: null, client_uri: 'https://client.example/' }),
      ['client.updated 2 client_name client_uri'],
    ],
    [
      'an update to a client without a secret',
      (one) => one.update({ token_endpoint_auth_method: 'none' }),
      ['client.updated 2 client_secret client_secret_expires_at token_endpoint_auth_method'],
    ],
    ['a label', (one) => one.change({ label: 'Partner' }), ['client.updated 2 label']],
    ['a note', (one) => one.change({ note: 'Call them' }), ['client.updated 2 note']],
    ['disabling', (one) => one.change({ disabled: true }), ['client.disabled 2 disabled_at']],
    [
      'disabling what is disabled',
      async (one) => {
        await one.change({ disabled: true })
        await one.change({ disabled: true }, now + 60)
      },
      ['client.disabled 2 disabled_at'],
    ],
    [
      'disabling with a label',
      (one) => one.change({ disabled: true, label: 'Partner' }),
      ['client.disabled 2 disabled_at label'],
    ],
    ['a deletion by the client', (one) => one.remove(), ['client.deleted 2']],
    ['a deletion by the operator', (one) => one.discard(), ['client.deleted 2']],
  ])('are in order: %s', async (_, work, expected) => {
    const events = await published(async (server) => work(await client(server)))
    expect(outlines(events)).toEqual(['client.registered 1', ...expected])
  })

  test('include client.disabled where a reused token disables it', async () => {
    const disabling = { ...rotating.registrationAccessToken, onReuse: 'disable' } as const
    const events = await published(
      async (server) => {
        const { client_id, token: bearer } = await registered(server)
        await readClient({ bearer, client_id, now }, server)
        await readClient({ bearer, client_id, now }, server).catch(() => {})
      },
      { registrationAccessToken: disabling },
    )
    expect(outlines(events)).toEqual(['client.registered 1', 'client.disabled 3 disabled_at'])
  })

  test('have a sequence that grows with every write, of a client or an operator', async () => {
    const events = await published(async (server) => {
      const one = await client(server)
      await one.read()
      await one.update({ client_name: 'B' })
      await one.change({ label: 'Partner' })
      await one.reissue()
      await one.change({ disabled: true })
      await one.change({ disabled: false })
      await one.remove()
    })
    expect(outlines(events)).toEqual([
      'client.registered 1',
      'client.updated 3 client_name',
      'client.updated 4 label',
      'client.disabled 6 disabled_at',
      'client.enabled 7 disabled_at',
      'client.deleted 8',
    ])
    expect(new Set(events.map(({ detail }) => detail.id)).size).toBe(events.length)
  })

  test('name the owner, and at first the token that it was registered with', async () => {
    let id = ''
    const events = await published(async (server) => {
      const token = await initialAccessToken(server, { sub: 'alice' })
      id = token.id
      await token.register()
    })
    const registered = events.find(({ type }) => type === 'client.registered')
    expect(registered?.detail).toMatchObject({ owner: 'alice', initial_access_token: id })
    expect(registered?.detail).not.toHaveProperty('iss')
  })

  test('name the issuer of an owner that an access token named, to the end', async () => {
    const { issuer: iss, jwks, accessToken } = signer()
    const accessTokenIssuers = [{ issuer: iss, jwks, audience: ['https://as.example/register'] }]
    const events = await published(
      async (server) => {
        const request = { bearer: accessToken(), body: ordinary, now }
        const { client_id } = await registerClient(request, server)
        await updateClientAdmin(
          { bearer: masterToken, client_id, body: { note: 'a' }, now },
          server,
        )
        await deleteClientAdmin({ bearer: masterToken, client_id, now }, server)
      },
      { accessTokenIssuers },
    )
    expect(events.map(({ type }) => type)).toEqual([
      'client.registered',
      'client.updated',
      'client.deleted',
    ])
    for (const { detail } of events) expect(detail).toMatchObject({ owner: 'alice', iss })
  })
})

describe('the events of an initial access token (RFC 7591 §1.2)', () => {
  test.each(['on_success', 'on_attempt'])(
    'are issued, consumed twice, revoked, for consumption %s',
    async (consumed) => {
      const events = await published(async (server) => {
        const token = await initialAccessToken(server, { consumed, max_uses: 3, sub: 'alice' })
        await token.register()
        await token.register()
        await token.revoke()
      })
      const about = events.filter(({ type }) => type.startsWith('initial'))
      expect(outlines(about)).toEqual([
        'initial_access_token.issued 1',
        'initial_access_token.consumed 2',
        'initial_access_token.consumed 3',
        'initial_access_token.revoked 4',
      ])
      expect(about[2]?.detail).toMatchObject({ owner: 'alice', max_uses: 3, uses_left: 1 })
      expect(about[2]?.detail).toMatchObject({ expires_at: now + 86_400 })
    },
  )

  test('are only its issue and revocation where it is never consumed', async () => {
    const events = await published(async (server) => {
      const token = await initialAccessToken(server, { consumed: 'never' })
      await token.register()
      await token.revoke()
    })
    expect(outlines(events)).toEqual([
      'initial_access_token.issued 1',
      'client.registered 1',
      'initial_access_token.revoked 2',
    ])
  })

  test('end with expiry where time to live removed it', async () => {
    const server = await testServer()
    const records = await recordsOf(server, async () => {
      const token = await initialAccessToken(server)
      await token.revoke()
    })
    const cleaned = records.map((record) => ({
      ...record,
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    }))
    expect(outlines(eventsOf(cleaned))).toEqual([
      'initial_access_token.issued 1',
      'initial_access_token.expired 2',
    ])
  })
})

describe('no event is published', () => {
  test('for the expiry of a token without uses left, whose last consumption said so', async () => {
    const server = await testServer()
    const records = await recordsOf(server, async () => {
      const token = await initialAccessToken(server)
      await token.register()
      await token.revoke()
    })
    const [removal, ...before] = records.toReversed()
    const cleaned = { ...removal, userIdentity: { principalId: 'dynamodb.amazonaws.com' } }
    expect(outlines(eventsOf([...before.toReversed(), cleaned]))).toEqual([
      'initial_access_token.issued 1',
      expect.stringMatching(/^(client.registered 1|initial_access_token.consumed 2)$/),
      expect.stringMatching(/^(client.registered 1|initial_access_token.consumed 2)$/),
    ])
  })

  test("for a used JWT or an owner's count", async () => {
    const server = await testServer({
      settings: {
        policies: ['maximum-clients-per-owner'],
        policySettings: { 'maximum-clients-per-owner': { max: 3 } },
      },
    })
    const records = await recordsOf(server, async () => {
      const used = { digest: new Uint8Array(32), remembered_until: now + 60 }
      await server.clients.markUsed(used, new Uint8Array(8))
      await (await initialAccessToken(server, { sub: 'alice' })).register()
    })
    const keys = records.map(({ dynamodb }) => dynamodb?.Keys?.pk?.S?.split('#')[0])
    expect(keys.sort()).toEqual(['CLIENT', 'IAT', 'IAT', 'JTI', 'OWNER'])
    expect(eventsOf(records)).toHaveLength(3)
  })
})

describe('an event', () => {
  test('never contains a secret, a digest, a JWE, a token or a value of metadata', async () => {
    const server = await testServer()
    const seen: unknown[] = []
    const records = await recordsOf(server, async () => {
      const one = await client(server, seen)
      await one.read()
      await one.update({ client_name: 'Renamed by its owner', contacts: ['ops@client.example'] })
      await one.reissue()
      await one.change({ disabled: true, note: 'A word of the operator' })
      await one.change({ disabled: false, label: 'Partner' })
      await one.remove()
      const token = await initialAccessToken(server, { sub: 'alice' }, seen)
      await token.register()
      await token.revoke()
    })
    const images = JSON.stringify(records)
    const stored = [...images.matchAll(/"(?:B|secret_jwe":\{"S)":"([^"]+)"/g)].map(
      ([, value]) => value,
    )
    const secrets = [...new Set([...stored, ...seen])].filter((value) => value !== undefined)
    expect(secrets.length).toBeGreaterThan(15)
    expect(images).toContain('secret_jwe')
    const events = JSON.stringify(eventsOf(records))
    for (const secret of secrets) expect(events).not.toContain(String(secret))
    for (const said of ['https:', 'Renamed', '@client', 'operator', 'Partner'])
      expect(events).not.toContain(said)
  })
})
