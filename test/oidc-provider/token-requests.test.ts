import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { registered } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { clientCredentials, clientOfProvider } from './client.ts'
import { startProvider } from './provider.ts'

const machine = { grant_types: ['client_credentials'], response_types: [], scope: 'profile' }
const using = (method: string) => ({ ...machine, token_endpoint_auth_method: method })

const methods = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
]
const settings: SettingsInput = {
  profile: 'oidc-provider',
  metadata: { tokenEndpointAuthMethods: methods },
}
const digestOnly: SettingsInput = {
  profile: 'oidc-provider',
  clientSecret: { storage: 'digest' },
}

const keyRing = async () =>
  JSON.stringify({ current: 'k1', k1: 'a-key-of-these-tests-that-is-long-enough' })

type Running = Awaited<ReturnType<typeof startProvider>>
const running: Running[] = []
afterEach(() => Promise.all(running.splice(0).map((provider) => provider.close())))

async function start(chosen = settings, options?: Parameters<typeof startProvider>[1]) {
  const server = await testServer({ settings: chosen })
  const provider = await startProvider(server.TableName, options)
  running.push(provider)
  return { server, ...provider }
}

const oneRead = { roundTrips: 1, readUnits: 1, writeUnits: 0, indexUnits: 0 }

describe('a token request to oidc-provider', () => {
  test.each([
    ['encrypted', settings],
    ['as digests', digestOnly],
  ] as const)(
    'by client_secret_basic or client_secret_post needs one read, with secrets stored %s',
    async (_, chosen) => {
      const { server, issuer, measure } = await start(chosen)
      const { client_id, client_secret = '' } = await registered(
        server,
        using('client_secret_basic'),
      )
      const client = clientOfProvider(issuer, { client_id, client_secret })
      for (const configuration of [client.basic(), client.post()]) {
        const results: string[] = []
        const cost = await measure(async () => {
          results.push(await clientCredentials(configuration))
        })
        expect(results).toEqual(['ok'])
        expect(cost).toMatchObject(oneRead)
      }
      for (const wrong of ['wrong', `${client_secret}x`]) {
        const other = clientOfProvider(issuer, { client_id, client_secret: wrong })
        expect(await clientCredentials(other.basic())).toBe('invalid_client')
      }
    },
  )

  test('by private_key_jwt needs one read', async () => {
    const { server, issuer, measure } = await start()
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const jwks = { keys: [await exportJWK(publicKey)] }
    const client = await registered(server, { ...using('private_key_jwt'), jwks })
    const cost = await measure(async () => {
      const signing = clientOfProvider(issuer, client).signing(privateKey)
      expect(await clientCredentials(signing)).toBe('ok')
    })
    expect(cost).toMatchObject(oneRead)
    const other = await generateKeyPair('ES256')
    const forged = clientOfProvider(issuer, client).signing(other.privateKey)
    expect(await clientCredentials(forged)).toBe('invalid_client')
  })

  test('by client_secret_jwt needs one read and the key ring', async () => {
    let reads = 0
    const counted = () => {
      reads += 1
      return keyRing()
    }
    const { server, issuer, measure } = await start(settings, { keyRing: counted })
    const { client_id, client_secret = '' } = await registered(server, using('client_secret_jwt'))
    const client = clientOfProvider(issuer, { client_id, client_secret })
    const cost = await measure(async () => {
      expect(await clientCredentials(client.mac())).toBe('ok')
    })
    expect(cost).toMatchObject(oneRead)
    expect(await clientCredentials(client.mac())).toBe('ok')
    expect(reads).toBe(1)
    const forged = clientOfProvider(issuer, { client_id, client_secret: 'x'.repeat(64) })
    expect(await clientCredentials(forged.mac())).toBe('invalid_client')
  })

  test('by client_secret_jwt fails with a reason for the operator without the key ring', async () => {
    const { server, issuer, errors } = await start()
    const { client_id, client_secret = '' } = await registered(server, using('client_secret_jwt'))
    const client = clientOfProvider(issuer, { client_id, client_secret })
    expect(await clientCredentials(client.mac())).toBe('server_error')
    expect(errors).toEqual([
      `client ${client_id} uses its secret as a key (client_secret_jwt), but no keyRing is configured`,
    ])
  })

  test('of a client with a secret is rejected unless the provider verifies by digest', async () => {
    const { server, issuer } = await start(settings, { comparesDigests: false })
    const { client_id, client_secret = '' } = await registered(server, using('client_secret_basic'))
    const client = clientOfProvider(issuer, { client_id, client_secret })
    expect(await clientCredentials(client.basic())).toBe('invalid_client')
  })

  test('of a client that the service does not know is rejected', async () => {
    const { issuer, errors } = await start()
    for (const client_id of ['unknown', 'x'.repeat(3000)]) {
      const client = clientOfProvider(issuer, { client_id, client_secret: 'any' })
      expect(await clientCredentials(client.basic())).toBe('invalid_client')
    }
    expect(errors).toEqual([])
  })
})

test('oidc-provider cannot write a client', async () => {
  const { server, provider } = await start()
  const { client_id } = await registered(server, using('client_secret_basic'))
  await expect(provider.Client.adapter.upsert(client_id, { client_id })).rejects.toThrow(
    'the client registration service writes them',
  )
})
