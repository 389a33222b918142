import {
  asyncProperty,
  assert as check,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  string,
} from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { OAuthError } from '../../lib/errors.ts'
import type { JsonObject } from '../../lib/json.ts'
import { members } from '../../lib/metadata/client-metadata.ts'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'

const issuer = signer()

let server: Server
let client: Awaited<ReturnType<typeof registered>>
beforeAll(async () => {
  const trusted = { issuers: [{ issuer: issuer.issuer, jwks: issuer.jwks }] }
  server = await testServer({
    settings: {
      aliases: true,
      registrationAccessToken: { rotateOn: [] },
      softwareStatement: trusted,
      policies: ['allowed-scopes', 'forced-members', 'default-members', 'allowed-redirect-hosts'],
      policySettings: {
        'allowed-scopes': { scopes: ['openid', 'profile'] },
        'forced-members': { members: { client_uri: 'https://client.example/' } },
        'default-members': { members: { client_name: 'Default' } },
        'allowed-redirect-hosts': { hosts: ['client.example'] },
      },
    },
  })
  client = await registered(server)
})

const names = [
  ...Object.keys(members),
  '__proto__',
  'constructor',
  'toString',
  'client_id',
  'client_secret',
  'client_name#de',
  'client_name#',
  '#',
  'redirect_url',
  'scopes',
  'disabled',
  'label',
  'note',
  'sub',
  'access_token',
  'max_uses',
  'audience',
  'policies',
]

const values = oneof(
  jsonValue({ maxDepth: 3 }),
  string({ unit: 'binary', maxLength: 40 }),
  constantFrom(
    null,
    '',
    '\u0000',
    '\ud800',
    1e308,
    -0,
    1e-320,
    [],
    {},
    [[]],
    [null],
    'https://client.example/',
    ordinary.redirect_uris,
    { keys: [{}] },
    'x'.repeat(70_000),
  ),
)

/** A body as JSON.parse gives it, with any members: known ones with any values among them. */
const bodies = oneof(
  dictionary(oneof(constantFrom(...names), string({ unit: 'binary', maxLength: 20 })), values, {
    maxKeys: 6,
  }),
  dictionary(constantFrom(...names), values, { maxKeys: 4 }).map((sent) => ({
    ...ordinary,
    ...sent,
  })),
  dictionary(constantFrom(...names), values, { maxKeys: 3 }).map((claims) => ({
    ...ordinary,
    software_statement: issuer.sign(claims),
  })),
).map((body): JsonObject => JSON.parse(JSON.stringify(body)))

/** What a request ends with: never a fault of ours. */
async function expectNoFault(request: Promise<unknown>): Promise<void> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined) return
  if (!(error instanceof OAuthError)) throw error
  expect(error.status).toBeLessThan(500)
}

describe('a malformed body never causes a server error', () => {
  test.each<[string, (body: JsonObject) => Promise<unknown>]>([
    ['a registration', (body) => registerClient({ bearer: masterToken, body, now }, server)],
    [
      'an update',
      (sent) => {
        const { client_id, token: bearer } = client
        const body = { ...sent, client_id }
        return updateClient({ bearer, client_id, body, now }, server)
      },
    ],
    [
      'a change by the operator',
      (body) => {
        const { client_id } = client
        return updateClientAdmin({ bearer: masterToken, client_id, now, body }, server)
      },
    ],
    [
      'an initial access token',
      (body) => issueInitialAccessToken({ bearer: masterToken, body, now }, server),
    ],
  ])('%s with any JSON value in any member is accepted or rejected', async (_, send) => {
    await check(
      asyncProperty(bodies, (body) => expectNoFault(send(body))),
      { numRuns: 300, examples: [[{ label: '\ud800' }], [{ sub: '\ud800' }]] },
    )
  })
})
