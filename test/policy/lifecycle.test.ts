import { describe, expect, test } from 'vitest'
import type { Policy } from '../../lib/policy/policy.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

/** A policy that leaves a mark of its run. */
const mark =
  (letter: string): Policy =>
  (_, metadata) => {
    metadata.client_name = `${metadata.client_name ?? ''}${letter}`
  }

const policies = new Map<string, Policy>([
  ['a', mark('a')],
  ['b', mark('b')],
  ['handover', ({ replacePolicies }) => replacePolicies(['b'])],
  ['release', ({ replacePolicies }) => replacePolicies([])],
  [
    'once',
    (context) => {
      if (context.operation === 'update') context.reject('this client is not changed any more')
    },
  ],
  [
    'observed',
    (context, metadata) => {
      const { operation, registration_method, owner, scope, initial_access_token, client_id } =
        context
      metadata.client_name = JSON.stringify({
        operation,
        registration_method,
        owner,
        scope,
        initial_access_token,
        client_id,
      })
    },
  ],
  [
    'retire',
    ({ operation, replacePolicies }) => {
      if (operation === 'update') replacePolicies(['b'])
    },
  ],
])

const server = async (settings: SettingsInput = {}) => {
  const { policies: builtIn, ...rest } = await testServer({
    settings: { ...settings, policies: [] },
  })
  const named = { ...rest.settings, policies: settings.policies ?? [] }
  return { ...rest, settings: named, policies: new Map([...builtIn, ...policies]) }
}

const { redirect_uris } = ordinary

async function registered(one: Server, iat: object) {
  const bearer = await initialAccessToken(one, { ...iat })
  const answer = await registerClient({ bearer, body: { redirect_uris }, now }, one)
  const { client_id } = answer
  let token = answer.registration_access_token
  async function update(policiesNow = one.policies) {
    const request = { bearer: token, client_id, body: { redirect_uris, client_id }, now }
    const updated = await updateClient(request, { ...one, policies: policiesNow })
    token = updated.registration_access_token
    return updated
  }
  return { ...answer, update }
}

describe('the policies of an initial access token', () => {
  test('run after those of the settings, and govern every later update', async () => {
    const client = await registered(await server({ policies: ['b'] }), { policies: ['a'] })
    expect(client.client_name).toBe('ba')
    expect((await client.update()).client_name).toBe('ba')
    expect((await client.update()).client_name).toBe('ba')
  })

  test('may reject an update that they let register', async () => {
    const client = await registered(await server(), { policies: ['once'] })
    expect(await outcomeOf(client.update())).toBe('invalid_client_metadata')
  })

  test('are replaced for later updates, where one of them says so', async () => {
    const client = await registered(await server(), { policies: ['a', 'handover'] })
    expect(client.client_name).toBe('a')
    expect((await client.update()).client_name).toBe('b')
  })

  test('are replaced by an update too', async () => {
    const client = await registered(await server(), { policies: ['a', 'retire'] })
    expect((await client.update()).client_name).toBe('a')
    expect((await client.update()).client_name).toBe('b')
    expect((await client.update()).client_name).toBe('b')
  })

  test('may be replaced by none', async () => {
    const client = await registered(await server(), { policies: ['a', 'release'] })
    expect(await client.update()).not.toHaveProperty('client_name')
  })

  test('receive the method by which a registration and an update are authorized', async () => {
    const one = await server()
    const iat = { policies: ['observed'], sub: 'alice', scope: ['client-reg', 'more'] }
    const client = await registered(one, iat)
    const { client_id } = client
    const { initial_access_token } = (await one.clients.find(client_id)) ?? {}
    expect(JSON.parse(client.client_name ?? '')).toEqual({
      operation: 'register',
      registration_method: 'initial_access_token',
      owner: 'alice',
      scope: 'client-reg more',
      initial_access_token,
    })
    expect(JSON.parse((await client.update()).client_name ?? '')).toEqual({
      operation: 'update',
      registration_method: 'registration_access_token',
      owner: 'alice',
      initial_access_token,
      client_id,
    })
  })
})

describe('a policy that does not exist', () => {
  test('is rejected when a token is issued that names it', async () => {
    const request = initialAccessToken(await server(), { policies: ['a', 'gone'] })
    expect(await outcomeOf(request)).toBe('invalid_request')
  })

  test.each([
    ['on_success', 'ok'],
    ['never', 'ok'],
    ['on_attempt', 'invalid_token'],
  ])(
    'at a registration is a server_error; a token that is consumed %s then is %s',
    async (consumed, then) => {
      const one = await server()
      const bearer = await initialAccessToken(one, { policies: ['a'], consumed })
      const request = { bearer, body: { redirect_uris }, now }
      const without = { ...one, policies: new Map() }
      expect(await outcomeOf(registerClient(request, without))).toBe('server_error')
      expect(await stored(one, 'CLIENT#')).toEqual([])
      expect(await outcomeOf(registerClient(request, one))).toBe(then)
    },
  )

  test('at an update is a server_error that changes and rotates nothing', async () => {
    const client = await registered(await server(), { policies: ['a'] })
    expect(await outcomeOf(client.update(new Map()))).toBe('server_error')
    expect(await outcomeOf(client.update())).toBe('ok')
  })

  test('of the settings is a server_error for everybody', async () => {
    const one = await server({ policies: ['gone'] })
    const bearer = await initialAccessToken(one)
    const request = registerClient({ bearer, body: { redirect_uris }, now }, one)
    expect(await outcomeOf(request)).toBe('server_error')
  })
})
