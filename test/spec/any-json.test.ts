import { isDeepStrictEqual } from 'node:util'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type Arbitrary, asyncProperty, assert as check } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonBody } from '../../functions/http/request.ts'
import { OAuthError } from '../../lib/errors.ts'
import type { JsonObject } from '../../lib/json.ts'
import { disableClients } from '../../lib/operator/disable-clients.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { updateClient } from '../../lib/update-client.ts'
import { type Api, startApi } from '../support/api.ts'
import { now, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { anyChange, anyDisable, anyIssue, anyRegistration, permissive } from './any-json.ts'

/** The body of a request as the Lambdas read it. */
function parsed(body: string): JsonObject {
  const event: Partial<APIGatewayProxyEventV2> = {
    headers: { 'content-type': 'application/json' },
    body,
  }
  return jsonBody(event as APIGatewayProxyEventV2, 1_000_000) // no more of it is read
}

/** What a request was answered; undefined where it was rejected as the sender's fault, and anything else is thrown. */
async function answerTo<Answer>(request: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request()
  } catch (error) {
    if (!(error instanceof OAuthError) || error.status >= 500) throw error
    return undefined
  }
}

/** As it goes over the wire. */
const json = (value: unknown) => JSON.parse(JSON.stringify(value))
const expectSame = (one: unknown, other: unknown) =>
  expect(isDeepStrictEqual(json(one), json(other))).toBe(true)

describe('any JSON value in any place of a request, on the embedded DynamoDB', () => {
  let server: Server
  let client: Awaited<ReturnType<typeof registered>>
  beforeAll(async () => {
    server = await testServer({ settings: permissive })
    client = await registered(server)
  })

  /** What is stored, and what a read returns, is what was answered. */
  async function expectStored(answer: Awaited<ReturnType<typeof registerClient>>, bearer: string) {
    const { client_id } = answer
    expectSame(await readClient({ bearer, client_id, now }, server), answer)
    const shown = await getClient({ bearer: masterToken, client_id, now }, server)
    for (const [name, value] of Object.entries(shown.metadata))
      expectSame(answer[name as keyof typeof answer], value)
  }

  /** Tries so many bodies, of which some are accepted. */
  async function tryAll(bodies: Arbitrary<string>, attempt: (body: string) => Promise<unknown>) {
    let accepted = 0
    const property = asyncProperty(bodies, async (body) => {
      if ((await attempt(body)) !== undefined) accepted += 1
    })
    await check(property, { numRuns: 400 })
    expect(accepted).toBeGreaterThan(10)
  }

  test('a registration is rejected, or stores what it answers', async () => {
    await tryAll(anyRegistration, async (text) => {
      const answer = await answerTo(async () =>
        registerClient({ bearer: undefined, body: parsed(text), now }, server),
      )
      const { registration_access_token: token } = answer ?? {}
      if (answer && token) await expectStored(answer, token)
      return answer
    })
  })

  test('an update is rejected and changes nothing, or stores what it answers', async () => {
    const { client_id, token: bearer } = client
    let last = await readClient({ bearer, client_id, now }, server)
    await tryAll(anyRegistration, async (text) => {
      const answer = await answerTo(async () => {
        const body = { ...parsed(text), client_id }
        return updateClient({ bearer, client_id, body, now }, server)
      })
      last = answer ?? last
      await expectStored(last, bearer)
      return answer
    })
  })

  test('a change by the operator is rejected, or stores what it answers', async () => {
    const { client_id } = client
    await tryAll(anyChange, async (text) => {
      const answer = await answerTo(async () =>
        updateClientAdmin({ bearer: masterToken, client_id, now, body: parsed(text) }, server),
      )
      if (answer)
        expectSame(await getClient({ bearer: masterToken, client_id, now }, server), answer)
      return answer
    })
  })

  test('a job that disables many clients is rejected, or stored as it was requested', async () => {
    await tryAll(anyDisable, async (text) => {
      const answer = await answerTo(async () =>
        disableClients(
          { bearer: masterToken, now, mayContinue: () => true, body: parsed(text) },
          server,
        ),
      )
      if (answer === undefined) return undefined
      const { filter } = (await server.disableJobs.find(answer.id)) ?? {}
      expectSame(filter, answer.filter)
      return answer
    })
  })

  test('an initial access token is rejected, or stored as it was requested', async () => {
    await tryAll(anyIssue, async (text) => {
      const answer = await answerTo(async () =>
        issueInitialAccessToken({ bearer: masterToken, body: parsed(text), now }, server),
      )
      if (answer === undefined) return undefined
      const { scope, sub } = (await server.initialAccessTokens.find(answer.id)) ?? {}
      expect(scope).toBe(answer.scope)
      expect(sub).toBe(parsed(text).sub)
      return answer
    })
  })
})

describe('any JSON value in any place of a request, over HTTP', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ settings: permissive })
  })
  afterAll(() => api.service.close())

  test.each([
    ['POST', '/register', anyRegistration],
    ['PUT', '/register/{client_id}', anyRegistration],
    ['PATCH', '/clients/{client_id}', anyChange],
    ['POST', '/initial-access-tokens', anyIssue],
    ['POST', '/clients/disable', anyDisable],
  ])('%s %s never fails', async (method, path, bodies) => {
    const { client_id, token } = await api.register()
    const bearer = method === 'PUT' ? token : api.service.masterToken
    const property = asyncProperty(bodies, async (text) => {
      const body = text.replace(/^\{/, method === 'PUT' ? `{"client_id":"${client_id}",` : '{')
      const answer = await api.call(path.replace('{client_id}', client_id), {
        method,
        bearer,
        body,
      })
      expect(answer.status).toBeLessThan(500)
      if (answer.status >= 400) expect(answer.body.error_description).toBeTypeOf('string')
    })
    await check(property, { numRuns: 60 })
    expect(api.log.filter((line) => line.includes('"outcome":"fault"'))).toEqual([])
  })
})
