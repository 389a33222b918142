import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../lib/errors.ts'
import {
  type LimitingPolicy,
  type Policy,
  type PolicyContext,
  runPolicies,
} from '../../../lib/policy/policy.ts'
import { outcomeOf } from '../../support/clients.ts'

const facts = {
  operation: 'register',
  registration_method: 'initial_access_token',
  owner: 'alice',
  iss: undefined,
  scope: 'client-reg',
  initial_access_token: 's1',
  client_id: undefined,
} as const

/** Runs these policies, named p0, p1 … in their order. */
const run = (
  policies: readonly (Policy | LimitingPolicy)[],
  sent = {},
  about: Partial<typeof facts> = {},
) => {
  const named = new Map(policies.map((policy, index) => [`p${index}`, policy]))
  return runPolicies([...named.keys()], { ...facts, ...about }, sent, named)
}

const add =
  (letter: string): Policy =>
  (_, metadata) => {
    metadata.client_name = `${metadata.client_name ?? ''}${letter}`
  }

const addLater =
  (letter: string): Policy =>
  async (context, metadata) => {
    await new Promise((done) => setTimeout(done, 5))
    await add(letter)(context, metadata)
  }

/** What a request ends with, as the error that it is. */
const failure = (request: Promise<unknown>): Promise<unknown> =>
  request.then(
    () => 'no failure',
    (error) => error,
  )

describe('policies', () => {
  test('run one by one in their order, synchronous or not', async () => {
    const { metadata } = await run([addLater('a'), add('b'), addLater('c')])
    expect(metadata.client_name).toBe('abc')
  })

  test('run in the order of their names, not of their definition, and as often as they are named', async () => {
    const policies = new Map([
      ['one', add('1')],
      ['two', add('2')],
    ])
    const { metadata } = await runPolicies(['two', 'one', 'two'], facts, {}, policies)
    expect(metadata.client_name).toBe('212')
  })

  test('receive the request, and change a copy of what was sent', async () => {
    const sent = { jwks: { keys: [1] } }
    let received: PolicyContext | undefined
    const { metadata } = await run(
      [
        (context, { jwks }) => {
          received = context
          Object.assign(jwks as object, { keys: [] })
        },
      ],
      sent,
    )
    expect(received).toMatchObject(facts)
    expect(metadata).toEqual({ jwks: { keys: [] } })
    expect(sent).toEqual({ jwks: { keys: [1] } })
  })

  test('leave a member out by deleting it or making it undefined', async () => {
    const { metadata } = await run(
      [
        (_, metadata) => {
          delete metadata.client_uri
          metadata.client_name = undefined
        },
      ],
      { client_uri: 'a', client_name: 'b', scope: 'c' },
    )
    expect(Object.entries(metadata)).toEqual([['scope', 'c']])
  })

  test('reject with their own words, and the ones after them do not run', async () => {
    let ran = false
    const rejected = run([
      (context) => context.reject('no more than one logo'),
      () => {
        ran = true
      },
    ])
    expect(await failure(rejected)).toMatchObject({
      code: 'invalid_client_metadata',
      description: 'no more than one logo',
    })
    expect(ran).toBe(false)
  })

  test('reject with their own code, also later', async () => {
    const rejected = run([
      async (context) => {
        await Promise.resolve()
        context.reject('not approved', 'unapproved_software_statement')
      },
    ])
    expect(await failure(rejected)).toMatchObject({
      code: 'unapproved_software_statement',
      status: 400,
    })
  })

  test.each<[string, Policy]>([
    [
      'an Error',
      () => {
        throw new Error('secret of the policy')
      },
    ],
    [
      'text',
      () => {
        throw 'secret of the policy'
      },
    ],
    [
      'nothing',
      () => {
        throw undefined
      },
    ],
    ['a rejection', () => Promise.reject(new Error('secret of the policy'))],
    ['a rejection without reason', () => Promise.reject()],
  ])(
    'that throw %s beside a rejection are a server_error that names the policy in the log only',
    async (_, policy) => {
      const error = await failure(run([policy]))
      if (!(error instanceof OAuthError)) throw new Error('expected a rejection')
      expect(error.code).toBe('server_error')
      expect(error.description).toBe('a policy of this request failed')
      expect(error.details.cause).toMatchObject({ message: 'policy p0 failed' })
    },
  )

  test('that do not exist are a server_error', async () => {
    const error = await failure(runPolicies(['gone'], facts, {}, new Map()))
    expect(error).toMatchObject({ code: 'server_error', status: 500 })
  })

  test('that are named like members of every object do not exist', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(await outcomeOf(runPolicies([name], facts, {}, new Map()))).toBe('server_error')
  })

  test('that are not done in three seconds are temporarily_unavailable, no matter what follows', async () => {
    const begin = performance.now()
    const late = Promise.withResolvers<void>()
    expect(await outcomeOf(run([() => late.promise]))).toBe('temporarily_unavailable')
    expect(performance.now() - begin).toBeGreaterThan(2_900)
    expect(performance.now() - begin).toBeLessThan(5_000)
    late.reject(new Error('too late to matter'))
  })

  test('replace the policies of later updates; the last word counts, and names must exist', async () => {
    const policies = new Map<string, Policy>([
      ['first', (context) => context.replacePolicies(['second', 'first'])],
      ['second', (context) => context.replacePolicies(['second'])],
      ['wrong', (context) => context.replacePolicies(['gone'])],
    ])
    const verdictOf = (...names: string[]) => runPolicies(names, facts, {}, policies)
    expect((await verdictOf('first')).policies).toEqual(['second', 'first'])
    expect((await verdictOf('first', 'second')).policies).toEqual(['second'])
    expect((await verdictOf()).policies).toBeUndefined()
    expect(await outcomeOf(verdictOf('wrong'))).toBe('server_error')
  })

  test('decide on the registration access token; the last word counts', async () => {
    const decide =
      (issue: boolean): Policy =>
      (context) =>
        context.issueRegistrationAccessToken(issue)
    const { issueRegistrationAccessToken } = await run([decide(true), decide(false)])
    expect(issueRegistrationAccessToken).toBe(false)
    expect((await run([])).issueRegistrationAccessToken).toBeUndefined()
  })

  test('limit the clients of an owner who is known, and reject who is not', async () => {
    const limit: LimitingPolicy = {
      limits: ['limitClientsOfOwner'],
      policy: (context) => context.limitClientsOfOwner(3),
    }
    expect((await run([limit])).quota).toEqual({ kind: 'owned_client', owner: 'alice', max: 3 })
    const unknown = runPolicies(
      ['limit'],
      { ...facts, owner: undefined },
      {},
      new Map([['limit', limit]]),
    )
    expect(await outcomeOf(unknown)).toBe('invalid_client_metadata')
  })

  test.each<[string, LimitingPolicy]>([
    [
      'limitClientsOfOwner',
      { limits: ['limitAnonymousClients'], policy: (context) => context.limitClientsOfOwner(3) },
    ],
    [
      'limitAnonymousClients',
      { limits: [], policy: (context) => context.limitAnonymousClients(3) },
    ],
  ])('that call %s without declaring it fail, and the log says so', async (name, policy) => {
    expect(await failure(run([policy]))).toMatchObject({
      code: 'server_error',
      details: {
        cause: { cause: { message: `${name} is not in the declared limits of this policy` } },
      },
    })
  })
})
