import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveSecrets } from '../../../../cdk/local/secrets-endpoint.ts'
import { readSecrets } from '../../../../lib/adapters/secrets-manager/secrets.ts'
import { outcomeOf } from '../../../support/clients.ts'

const arn = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`
const ids = [arn('ring'), arn('master')]

let endpoint: Awaited<ReturnType<typeof serveSecrets>>
let client: SecretsManagerClient
beforeEach(async () => {
  endpoint = await serveSecrets(new Map([...ids].map((id, index) => [id, `value ${index}`])))
  client = new SecretsManagerClient({ endpoint: endpoint.url, maxAttempts: 1 })
})
afterEach(() => {
  client.destroy()
  endpoint.close()
})

describe('a reading of secrets', () => {
  test('takes one request, for one or several', async () => {
    expect(await readSecrets(client, ids.slice(0, 1))()).toEqual(new Map([[ids[0], 'value 0']]))
    expect([...(await readSecrets(client, ids)()).values()]).toEqual(['value 0', 'value 1'])
  })

  test('takes no request for no names', async () => {
    endpoint.close()
    expect(await readSecrets(client, [])()).toEqual(new Map())
  })

  test.each([[[arn('gone')]], [[...ids, arn('gone')]]])(
    'is temporarily_unavailable, not half of them, where one is missing: %s',
    async (wanted) => {
      expect(await outcomeOf(readSecrets(client, wanted)())).toBe('temporarily_unavailable')
    },
  )

  test('is temporarily_unavailable where nothing answers', async () => {
    endpoint.close()
    expect(await outcomeOf(readSecrets(client, ids)())).toBe('temporarily_unavailable')
  })
})
