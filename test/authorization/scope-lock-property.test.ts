import {
  array,
  asyncProperty,
  assert as check,
  constantFrom,
  option,
  record,
  subarray,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../lib/errors.ts'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { testServer } from '../support/server.ts'

const grants = ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']
const scopes = ['openid', 'email', 'admin']
const types = ['code', 'token', 'id_token', 'code id_token']
const needs: Record<string, readonly string[]> = {
  code: ['authorization_code'],
  token: ['implicit'],
  id_token: ['implicit'],
  'code id_token': ['authorization_code', 'implicit'],
}

const some = <Value>(values: readonly Value[]) => subarray([...values], { minLength: 1 })

/** What a client may ask for, inside its lock or not; mostly coherent, so that it is not rejected for other reasons. */
const requests = record(
  {
    grant_types: some(grants),
    scope: option(
      some(scopes).map((tokens) => tokens.join(' ')),
      { nil: '' },
    ),
    lock: constantFrom({ grants, scopes }),
  },
  { requiredKeys: [] },
).chain((requested) =>
  option(some(types), { nil: undefined }).map((sent) => {
    const possible = types.filter((type) =>
      needs[type]?.every((grant) => requested.grant_types?.includes(grant)),
    )
    return { ...requested, response_types: sent ?? (requested.grant_types && possible) }
  }),
)

const locks = record({ grants: some(grants), scopes: some(scopes) })

describe('a client that is locked', () => {
  test.each(['narrow', 'refuse'] as const)(
    'stays inside its lock through any sequence of updates (%s)',
    async (unsupported) => {
      const server = await testServer({
        settings: { metadata: { grantTypes: grants, responseTypes: types, unsupported } },
      })
      let registrations = 0
      let updates = 0

      await check(
        asyncProperty(
          locks,
          requests,
          array(requests, { minLength: 1, maxLength: 5 }),
          async (lock, first, later) => {
            const inside = (answer: Answer) => {
              expect(lock.grants).toEqual(expect.arrayContaining([...answer.grant_types]))
              expect(lock.scopes).toEqual(expect.arrayContaining(answer.scope?.split(' ') ?? []))
              const needed = answer.response_types.flatMap((type) => needs[type] ?? [type])
              expect(lock.grants).toEqual(expect.arrayContaining(needed))
            }
            const scope = [
              ...lock.grants.map((grant) => `client-reg:grant:${grant}`),
              ...lock.scopes.map((name) => `client-reg:scope:${name}`),
            ]
            const bearer = await initialAccessToken(server, { scope })
            const { redirect_uris } = ordinary
            const register = (body: object) =>
              unlessRejected(
                registerClient({ bearer, body: { redirect_uris, ...body }, now }, server),
              )
            const answer = (await register(first)) ?? (await register({}))
            if (answer === undefined) return
            registrations += 1
            inside(answer)
            const { client_id } = answer
            let token = answer.registration_access_token
            for (const requested of later) {
              const update = (changes: object) => {
                const body = { redirect_uris, ...changes, client_id }
                return unlessRejected(updateClient({ bearer: token, client_id, body, now }, server))
              }
              const updated = (await update(requested)) ?? (await update(insideOf(lock, requested)))
              if (updated === undefined) continue
              updates += 1
              inside(updated)
              token = updated.registration_access_token
            }
          },
        ),
        { numRuns: 100, endOnFailure: true },
      )
      // Rejections alone would prove nothing.
      expect(Math.min(registrations, updates)).toBeGreaterThan(20)
    },
  )
})

/** What of a request for grants its lock allows. */
const insideOf = (
  lock: { readonly grants: readonly string[] },
  requested: { grant_types?: string[] },
) => ({
  grant_types: requested.grant_types?.filter((grant) => lock.grants.includes(grant)) ?? null,
})

type Answer = Awaited<ReturnType<typeof registerClient>>

/** The answer, or undefined where the client's request is rejected. */
async function unlessRejected(request: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request
  } catch (error) {
    if (error instanceof OAuthError && error.status < 500) return undefined
    throw error
  }
}
