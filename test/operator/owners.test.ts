import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { ownerEntry, ownerKey } from '../../lib/adapters/dynamodb/table.ts'
import { deleteClientAdmin } from '../../lib/operator/delete-client-admin.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { sha256 } from '../../lib/tokens/token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { problemsOf } from '../support/problems-of.ts'
import { testServer } from '../support/server.ts'
import { type Signer, signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const one = signer('https://one.example')
const two = signer('https://two.example')
const bearer = masterToken

const documents = documentClient({ endpoint: embeddedDynamodb })
afterAll(() => documents.destroy())

type Served = Awaited<ReturnType<typeof served>>

/** A server with two issuers, at each of which an owner may have this many clients. */
const served = (max = 10) => {
  const trust = ({ issuer, jwks }: Signer) => ({
    issuer,
    jwks,
    audience: ['https://as.example/register'],
  })
  return testServer({
    settings: {
      initialAccessToken: { consumed: 'never' },
      accessTokenIssuers: [trust(one), trust(two)],
      policies: ['maximum-clients-per-owner'],
      policySettings: { 'maximum-clients-per-owner': { max } },
    },
  })
}

const register = (server: Server, token: string) =>
  registerClient({ bearer: token, body: ordinary, now }, server)

const found = async (server: Served, query: Readonly<Record<string, string>>) => {
  const { clients } = await listClients({ bearer, now, query }, server)
  return clients.map(({ client_id }) => client_id)
}

const counts = async (server: Served) =>
  Object.fromEntries((await stored(server, 'OWNER#')).map(({ pk, clients }) => [pk, clients]))

const countOf = (entry: string) => ownerKey(sha256(entry)).pk

/** Alice of each issuer, and whom the operator named alice. */
async function threeOwnersNamedAlice(server: Served) {
  const operators = await initialAccessToken(server, { sub: 'alice' })
  return {
    ofOne: (await register(server, one.accessToken())).client_id,
    ofTwo: (await register(server, two.accessToken())).client_id,
    named: (await register(server, operators)).client_id,
  }
}

describe('an owner, a sub and its issuer,', () => {
  test('is counted apart: one issuer’s alice does not use up another’s quota', async () => {
    const server = await served(1)
    await threeOwnersNamedAlice(server)
    expect(await outcomeOf(register(server, one.accessToken()))).toBe('quota_exhausted')
    expect(await outcomeOf(register(server, two.accessToken()))).toBe('quota_exhausted')
    expect(Object.values(await counts(server))).toEqual([1, 1, 1])
  })

  test('is given back its own', async () => {
    const server = await served(1)
    const { ofTwo } = await threeOwnersNamedAlice(server)
    await deleteClientAdmin({ bearer, client_id: ofTwo, now }, server)
    expect(await outcomeOf(register(server, one.accessToken()))).toBe('quota_exhausted')
    expect(await outcomeOf(register(server, two.accessToken()))).toBe('ok')
  })

  test('is found by both, or by the sub at all issuers', async () => {
    const server = await served()
    const { ofOne, ofTwo, named } = await threeOwnersNamedAlice(server)
    expect(await found(server, { owner: 'alice', iss: one.issuer })).toEqual([ofOne])
    expect(await found(server, { owner: 'alice', iss: two.issuer })).toEqual([ofTwo])
    expect(await found(server, { owner: 'alice', iss: '' })).toEqual([named])
    expect((await found(server, { owner: 'alice' })).sort()).toEqual([ofOne, ofTwo, named].sort())
    for (const query of [{ owner: 'bob' }, { owner: 'alice', iss: 'https://three.example' }])
      expect(await found(server, query)).toEqual([])
  })

  test('is shown with both', async () => {
    const server = await served()
    const { ofOne, named } = await threeOwnersNamedAlice(server)
    const shown = await getClient({ bearer, client_id: ofOne, now }, server)
    expect(shown).toMatchObject({
      owner: 'alice',
      iss: one.issuer,
      registration_method: 'access_token',
    })
    const other = await getClient({ bearer, client_id: named, now }, server)
    expect(other).toMatchObject({ owner: 'alice', registration_method: 'initial_access_token' })
    expect(other).not.toHaveProperty('iss')
  })

  test('is given to policies, at a registration and at an update', async () => {
    const server = await served()
    const seen: unknown[] = []
    const policies = new Map(server.policies).set('maximum-clients-per-owner', (context) => {
      seen.push([context.operation, context.iss, context.owner])
    })
    const watched = { ...server, policies }
    const { client_id, registration_access_token } = await register(watched, one.accessToken())
    await register(watched, await initialAccessToken(server, { sub: 'alice' }))
    const body = { ...ordinary, client_id }
    await updateClient({ bearer: registration_access_token, client_id, body, now }, watched)
    expect(seen).toEqual([
      ['register', one.issuer, 'alice'],
      ['register', undefined, 'alice'],
      ['update', one.issuer, 'alice'],
    ])
  })

  test('is logged with both', async () => {
    const server = await served()
    const notes: object[] = []
    await register({ ...server, annotate: (fields) => notes.push(fields) }, one.accessToken())
    expect(Object.assign({}, ...notes)).toMatchObject({ owner: 'alice', owner_iss: one.issuer })
  })

  test.each(['["https://one.example","alice"]', '[alice]', '"', '{}', '\u0000'])(
    'may have any text as sub: %j',
    async (sub) => {
      const server = await served()
      const { client_id } = await register(server, two.accessToken({ sub }))
      await threeOwnersNamedAlice(server)
      expect(await found(server, { owner: sub })).toEqual([client_id])
      expect(await found(server, { owner: sub, iss: two.issuer })).toEqual([client_id])
      expect(await getClient({ bearer, client_id, now }, server)).toMatchObject({
        owner: sub,
        iss: two.issuer,
      })
    },
  )

  test('is kept with the longest sub and issuer', async () => {
    const longest = signer(`https://${'"'.repeat(247)}`)
    const { issuer, jwks } = longest
    const audience = ['https://as.example/register']
    const server = await testServer({
      settings: { accessTokenIssuers: [{ issuer, jwks, audience }] },
    })
    const sub = '\u0001'.repeat(255)
    const { client_id } = await register(server, longest.accessToken({ sub }))
    expect(await found(server, { owner: sub, iss: issuer })).toEqual([client_id])
    const longer = [{ issuer: `${issuer}x`, jwks, audience }]
    expect(problemsOf({ accessTokenIssuers: longer })[0]).toMatch(
      /^accessTokenIssuers\.0\.issuer: /,
    )
  })

  test('cannot be given to an initial access token by the operator', async () => {
    const server = await served()
    const body = { sub: ownerEntry({ owner: 'alice', iss: one.issuer }) }
    const issued = issueInitialAccessToken({ bearer, body, now }, server)
    await expect(issued).rejects.toMatchObject({
      code: 'invalid_request',
      description: expect.stringMatching(/^sub: expected /),
    })
  })

  test.each<[string, Readonly<Record<string, string>>]>([
    ['without owner', { iss: 'https://one.example' }],
    ['beside another filter', { label: 'DCR', iss: 'https://one.example' }],
  ])('is not found by an issuer %s', async (_, query) => {
    expect(await outcomeOf(found(await served(), query))).toBe('invalid_request')
  })
})

describe('a client that was stored before its owner had an issuer', () => {
  /** The item of then: `owner` is the bare sub, `iss` stands apart, and the count was by the bare sub. */
  async function earlier(server: Served, iss: string | undefined) {
    const { client_id } = await register(server, two.accessToken())
    const [item = {}] = await stored(server, `CLIENT#${client_id}`)
    const Item = { ...item, schema: 1, owner: 'alice', ...(iss !== undefined && { iss }) }
    await documents.send(new PutCommand({ TableName: server.TableName, Item }))
    const count = { ...ownerKey(sha256('alice')), schema: 1, clients: 1 }
    await documents.send(new PutCommand({ TableName: server.TableName, Item: count }))
    return client_id
  }

  test('is found, listed and shown as before', async () => {
    const server = await served()
    const client_id = await earlier(server, two.issuer)
    for (const query of [{}, { owner: 'alice' }, { owner: 'alice', iss: two.issuer }])
      expect(await found(server, query)).toEqual([client_id])
    for (const iss of [one.issuer, ''])
      expect(await found(server, { owner: 'alice', iss })).toEqual([])
    expect(await getClient({ bearer, client_id, now }, server)).toMatchObject({
      owner: 'alice',
      iss: two.issuer,
    })
  })

  test('is found without its issuer where that was not kept', async () => {
    const server = await served()
    const client_id = await earlier(server, undefined)
    expect(await found(server, { owner: 'alice', iss: '' })).toEqual([client_id])
  })

  test('is given back to the count that it was counted in', async () => {
    const server = await served()
    const client_id = await earlier(server, two.issuer)
    await deleteClientAdmin({ bearer, client_id, now }, server)
    expect(await counts(server)).toEqual({
      [countOf('alice')]: 0,
      [countOf(ownerEntry({ owner: 'alice', iss: two.issuer }))]: 1,
    })
  })

  test('keeps its form through an update', async () => {
    const server = await served()
    const { client_id, registration_access_token } = await register(server, two.accessToken())
    const [item = {}] = await stored(server, `CLIENT#${client_id}`)
    const Item = { ...item, schema: 1, owner: 'alice', iss: two.issuer }
    await documents.send(new PutCommand({ TableName: server.TableName, Item }))
    const body = { ...ordinary, client_id, client_name: 'Renamed' }
    await updateClient({ bearer: registration_access_token, client_id, body, now }, server)
    expect(await found(server, { owner: 'alice', iss: two.issuer })).toEqual([client_id])
  })
})
