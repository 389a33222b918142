import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hydraConnector } from '../../functions/connectors/hydra.ts'
import { OAuthError } from '../../lib/errors.ts'
import { type HydraStub, startHydraStub } from './hydra-stub.ts'
import { connectorSettings, describeHydra, pushed } from './hydra-suite.ts'

describeHydra('a stub of Ory Hydra', startHydraStub, 200)

describe('calls that meet in the database of Ory Hydra, which answers 400', () => {
  let hydra: HydraStub
  const push = () =>
    hydraConnector(connectorSettings(hydra.url), async () => hydra.secret, 'a-table').push(pushed())

  beforeAll(async () => {
    hydra = await startHydraStub()
  })
  afterAll(() => hydra?.close())

  test('a call is repeated', async () => {
    hydra.conflicts = 3
    await push()
    expect(hydra.conflicts).toBe(0)
    expect(hydra.clients.size).toBe(1)
  })

  test('a call that never succeeds is an error, for which the client is not to blame', async () => {
    hydra.conflicts = 100
    const error = await push().catch((reason: unknown) => reason)
    expect(error).not.toBeInstanceOf(OAuthError)
    expect(String(error)).toMatch(/^Error: hydra 127\.0\.0\.1:\d+: POST clients: status 400$/)
    expect(hydra.conflicts).toBe(95)
  })
})
