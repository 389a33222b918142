import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PublishedEvent } from '../../cdk/local/event-bus.ts'
import { type Api, startApi } from '../support/api.ts'
import { registered } from '../support/clients.ts'
import { runCommand } from '../support/command.ts'
import { testServer } from '../support/server.ts'
import { exportTable } from './commands.ts'
import { testFiles } from './files.ts'

const files = testFiles()
const settings = { clientSecret: { storage: 'digest' } } as const

const events: PublishedEvent[] = []
let api: Api
beforeAll(async () => {
  api = await startApi({ settings, onEvent: (event) => events.push(event) })
})
afterAll(() => api.service.close())

const ask = (path: string, method = 'GET', body?: unknown) =>
  api.call(path, { method, bearer: api.service.masterToken, body })

describe('a client that is imported into the table of a running service', () => {
  test('is published, has its secret and metadata at once, and manages itself after a re-issue', async () => {
    const source = await testServer()
    const { client_id, client_secret, token, client_name } = await registered(source)
    const ring = ['--client-secret-key-ring', files.secretRing]
    const exported = await exportTable(source, '--secrets', ...ring)
    const { tableName, dynamodbEndpoint } = api.service
    const input = files.write(exported.out)
    const words = [
      'import',
      '--table',
      tableName,
      '--input',
      input,
      '--settings',
      files.write(settings),
    ]
    const imported = await runCommand(words, { endpoint: dynamodbEndpoint })
    expect(imported.code, imported.err).toBe(0)

    await expect
      .poll(() => events, { timeout: 20_000 })
      .toContainEqual(
        expect.objectContaining({
          'detail-type': 'client.registered',
          detail: expect.objectContaining({ client_id }),
        }),
      )
    expect((await ask(`/clients/${client_id}`)).body).toMatchObject({
      metadata: { client_name },
      registration_method: 'operator',
    })
    const check = await ask(`/clients/${client_id}/secret-check`, 'POST', { client_secret })
    expect(check.body).toMatchObject({ valid: true })
    // This service has another key ring.
    const own = `/register/${client_id}`
    expect((await api.call(own, { bearer: token })).status).toBe(401)
    const reissued = await ask(`/clients/${client_id}/registration-access-token`, 'POST', {})
    const bearer = String(reissued.body.registration_access_token)
    expect((await api.call(own, { bearer })).body).toMatchObject({ client_id, client_name })
  })
})
