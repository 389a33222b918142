import { expect, test } from 'vitest'
import { type JudgedClient, judgeClients } from '../../lib/operator/judge-clients.ts'
import { composePolicies } from '../../lib/policy/compose-policies.ts'
import type { Policy } from '../../lib/policy/policy.ts'
import type { Server } from '../../lib/server.ts'
import { parseSettings, type SettingsInput } from '../../lib/settings/settings.ts'
import { now, ordinary, registered } from '../support/clients.ts'
import { testServer } from '../support/server.ts'

/** What these settings would do to the clients of a server. */
async function judged(
  server: Server,
  input: SettingsInput,
  teamPolicies: Readonly<Record<string, Policy>> = {},
): Promise<readonly JudgedClient[]> {
  const settings = parseSettings(input)
  const policies = composePolicies(settings, teamPolicies)
  const verdicts: JudgedClient[] = []
  for await (const verdict of judgeClients({ ...server, settings, policies }, now))
    verdicts.push(verdict)
  return verdicts
}

test('settings are judged by each client: unchanged, changed or rejected', async () => {
  const server = await testServer()
  const { client_id: same } = await registered(server, { ...ordinary, scope: 'openid' })
  const { client_id: changed } = await registered(server, { ...ordinary, scope: 'openid email' })
  const { client_id: rejected } = await registered(server, {
    ...ordinary,
    scope: 'openid',
    id_token_signed_response_alg: 'ES256',
  })
  const verdicts = await judged(server, {
    metadata: { scopes: ['openid'], idTokenSigningAlgs: ['RS256'] },
  })
  expect(verdicts).toHaveLength(3)
  expect(verdicts).toContainEqual({ client_id: same, verdict: 'unchanged' })
  const scope = { from: 'openid email', to: 'openid' }
  expect(verdicts).toContainEqual({ client_id: changed, verdict: 'changed', changes: { scope } })
  expect(verdicts).toContainEqual({
    client_id: rejected,
    verdict: 'rejected',
    error: 'invalid_client_metadata',
    error_description: expect.stringMatching(/^id_token_signed_response_alg: /),
  })
})

test('settings are judged by the clients of every page, once', async () => {
  const server = await testServer()
  const ids: string[] = []
  for (let count = 0; count < 101; count += 1) ids.push((await registered(server)).client_id)
  const verdicts = await judged(server, {})
  expect(verdicts.map(({ client_id }) => client_id).sort()).toEqual(ids.sort())
})

test('a client whose policy fails is rejected with an error of the server', async () => {
  const server = await testServer()
  await registered(server)
  const failing = () => {
    throw new Error('the policy failed')
  }
  const [verdict] = await judged(server, { policies: ['failing'] }, { failing })
  expect(verdict).toMatchObject({ verdict: 'rejected', error: 'server_error' })
})
