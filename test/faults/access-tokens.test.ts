import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OAuthError } from '../../lib/errors.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { updateClient } from '../../lib/update-client.ts'
import {
  transactionConflict,
  type UnreliableDynamodb,
  unreliableDynamodb,
} from '../doubles/unreliable-dynamodb.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const issuer = signer()

let dynamodb: UnreliableDynamodb
beforeAll(async () => {
  dynamodb = await unreliableDynamodb(embeddedDynamodb)
})
afterAll(() => dynamodb.close())

const unreliable = () => {
  const { endpoint } = dynamodb
  const audience = ['https://as.example/register']
  const one = { issuer: issuer.issuer, audience, jwks: issuer.jwks, singleUse: true }
  return testServer({ endpoint, settings: { accessTokenIssuers: [one] } })
}

const register = (server: Server, bearer: string, replay?: ReturnType<typeof used>) =>
  registerClient({ bearer, body: ordinary, now, ...(replay && { replay }) }, server)

/** What marks a signed request as used. */
const used = (digit: number) => ({
  digest: new Uint8Array(32).fill(digit),
  remembered_until: now + 300,
})

describe('the answer to a transaction is lost', () => {
  test('a registration whose retry meets another transaction recognizes its own write', async () => {
    const server = await unreliable()
    const bearer = issuer.accessToken()
    dynamodb.fail('TransactWriteItems', 'answer lost', transactionConflict)
    expect(await outcomeOf(register(server, bearer))).toBe('ok')
    expect(await stored(server, 'CLIENT#')).toHaveLength(1)
  })

  test.each([1, 2, 3])(
    'a registration whose retry meets another transaction %d times recognizes its own use of a token',
    async (conflicts) => {
      const server = await unreliable()
      const bearer = await initialAccessToken(server)
      const others = Array<typeof transactionConflict>(conflicts).fill(transactionConflict)
      dynamodb.fail('TransactWriteItems', 'answer lost', ...others)
      expect(await outcomeOf(register(server, bearer))).toBe('ok')
      expect(await stored(server, 'CLIENT#')).toHaveLength(1)
    },
  )

  test('a request that is lost on the way consumes nothing twice', async () => {
    const server = await unreliable()
    dynamodb.fail('TransactWriteItems', 'request lost')
    expect(await outcomeOf(register(server, issuer.accessToken(), used(1)))).toBe('ok')
    expect(await stored(server, 'JTI#')).toHaveLength(2)
  })

  test('conflicts without end are temporarily_unavailable, and the token is not consumed', async () => {
    const server = await unreliable()
    const bearer = issuer.accessToken()
    dynamodb.fail('TransactWriteItems', ...Array(20).fill(transactionConflict))
    expect(await outcomeOf(register(server, bearer))).toBe('temporarily_unavailable')
    dynamodb.fail('TransactWriteItems')
    expect(await outcomeOf(register(server, bearer))).toBe('ok')
  })
})

describe('a signed update request', () => {
  test('can be sent again where the update fails before its write', async () => {
    const server = await testServer()
    const { client_id, token } = await registered(server, {
      ...ordinary,
      token_endpoint_auth_method: 'none',
    })
    const update = (one: Server) =>
      updateClient(
        { bearer: token, client_id, body: { ...ordinary, client_id }, replay: used(3), now },
        one,
      )
    const clientSecret = () =>
      Promise.reject(new OAuthError('temporarily_unavailable', 'try again'))
    const withoutSecrets = { ...server, generators: { ...server.generators, clientSecret } }
    expect(await outcomeOf(update(withoutSecrets))).toBe('temporarily_unavailable')
    expect(await outcomeOf(update(server))).toBe('ok')
  })
})
