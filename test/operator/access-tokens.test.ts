import { describe, expect, test } from 'vitest'
import { checkClientSecret } from '../../lib/operator/check-client-secret.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { listInitialAccessTokens } from '../../lib/operator/list-initial-access-tokens.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { revokeInitialAccessToken } from '../../lib/operator/revoke-initial-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { now, ordinary, outcomeOf, registered, tally } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { type Signer, signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const issuer = signer()
const administrators = signer('https://administrators.example')

/** A server with an issuer whose tokens only register, and one of administrators. */
const administered = (singleUse = false) => {
  const trust = ({ issuer: name, jwks }: Signer) => ({
    issuer: name,
    jwks,
    audience: ['https://as.example/register'],
    singleUse,
  })
  const accessTokenIssuers = [trust(issuer), { ...trust(administrators), administers: true }]
  return testServer({ settings: { accessTokenIssuers } })
}

const scope = 'client-reg client-admin'

/** Every operation of the operator, by a bearer. */
const operations: Readonly<
  Record<string, (server: Server, bearer: string, client_id: string) => Promise<unknown>>
> = {
  'issues an initial access token': (server, bearer) =>
    issueInitialAccessToken({ bearer, body: {}, now }, server),
  'lists initial access tokens': (server, bearer) =>
    listInitialAccessTokens({ bearer, now, limit: undefined, cursor: undefined }, server),
  'revokes an initial access token': (server, bearer) =>
    revokeInitialAccessToken({ bearer, id: 's0123456789abcdef0123', now }, server),
  'lists clients': (server, bearer) => listClients({ bearer, now, query: {} }, server),
  'shows a client': (server, bearer, client_id) => getClient({ bearer, client_id, now }, server),
  'checks a client secret': (server, bearer, client_id) =>
    checkClientSecret({ bearer, client_id, now, body: { client_secret: 'a guess' } }, server),
  'changes a client': (server, bearer, client_id) =>
    updateClientAdmin({ bearer, client_id, now, body: { note: 'seen' } }, server),
  'reissues a registration access token': (server, bearer, client_id) =>
    reissueRegistrationAccessToken({ bearer, client_id, now }, server),
  'deletes a client': (server, bearer, client_id) =>
    deleteClientAdmin({ bearer, client_id, now }, server),
}
const every = Object.entries(operations)

describe('an access token with the admin scope', () => {
  test.each(every)('%s only where its issuer administers', async (_, operation) => {
    const server = await administered()
    const { client_id } = await registered(server)
    const other = operation(server, issuer.accessToken({ scope }), client_id)
    expect(await outcomeOf(other)).toBe('invalid_token')
    const admin = operation(server, administrators.accessToken({ scope }), client_id)
    expect(['ok', 'not_found']).toContain(await outcomeOf(admin))
  })

  test('administers nowhere unless the settings say so', async () => {
    const { issuer: name, jwks } = issuer
    const settings = { accessTokenIssuers: [{ issuer: name, jwks, audience: ['us'] }] }
    const server = await testServer({ settings })
    const bearer = issuer.accessToken({ scope, aud: 'us' })
    expect(await outcomeOf(listClients({ bearer, now, query: {} }, server))).toBe('invalid_token')
  })

  test('can be used again where it is not for single use', async () => {
    const server = await administered()
    const bearer = administrators.accessToken({ scope })
    for (const _ of [1, 2])
      expect(await outcomeOf(listClients({ bearer, now, query: {} }, server))).toBe('ok')
    expect(await stored(server, 'JTI#')).toEqual([])
  })
})

describe('an access token with the admin scope, for single use', () => {
  test.each(every)('%s once', async (_, operation) => {
    const server = await administered(true)
    const { client_id } = await registered(server)
    const bearer = administrators.accessToken({ scope })
    expect(['ok', 'not_found']).toContain(await outcomeOf(operation(server, bearer, client_id)))
    for (const [, again] of every)
      expect(await outcomeOf(again(server, bearer, client_id))).toBe('invalid_token')
  })

  test('is consumed by exactly one of twenty requests at once', async () => {
    const server = await administered(true)
    const bearer = administrators.accessToken({ scope })
    const list = () => outcomeOf(listClients({ bearer, now, query: {} }, server))
    const outcomes = await Promise.all(Array.from({ length: 20 }, list))
    expect(tally(outcomes)).toEqual({ ok: 1, invalid_token: 19 })
  })

  test('either registers or administers', async () => {
    const server = await administered(true)
    const register = (bearer: string) =>
      outcomeOf(registerClient({ bearer, body: ordinary, now }, server))
    const list = (bearer: string) => outcomeOf(listClients({ bearer, now, query: {} }, server))
    const [one, two] = [
      administrators.accessToken({ scope }),
      administrators.accessToken({ scope }),
    ]
    expect([await register(one), await list(one)]).toEqual(['ok', 'invalid_token'])
    expect([await list(two), await register(two)]).toEqual(['ok', 'invalid_token'])
  })

  test('is not consumed by a request that is rejected', async () => {
    const server = await administered(true)
    const { client_id } = await registered(server)
    const bearer = administrators.accessToken({ scope })
    const rejected = [
      issueInitialAccessToken({ bearer, body: { color: 'red' }, now }, server),
      issueInitialAccessToken({ bearer, body: { client_id: 'nobody' }, now }, server),
      listInitialAccessTokens({ bearer, now, limit: '0', cursor: undefined }, server),
      listClients({ bearer, now, query: { color: 'red' } }, server),
      listClients({ bearer, now, query: { limit: '101' } }, server),
      updateClientAdmin({ bearer, client_id, now, body: { label: 7 } }, server),
      checkClientSecret({ bearer, client_id, now, body: { client_secret: 7 } }, server),
    ]
    const outcomes = await Promise.all(rejected.map(outcomeOf))
    expect(tally(outcomes)).toEqual({ invalid_request: rejected.length })
    expect(await outcomeOf(getClient({ bearer, client_id, now }, server))).toBe('ok')
  })

  test('is not consumed where it lacks the admin scope', async () => {
    const server = await administered(true)
    const bearer = administrators.accessToken({ scope: 'client-reg' })
    const list = listClients({ bearer, now, query: {} }, server)
    expect(await outcomeOf(list)).toBe('insufficient_scope')
    expect(await outcomeOf(registerClient({ bearer, body: ordinary, now }, server))).toBe('ok')
  })
})
