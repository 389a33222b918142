import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { clientKey, clientSchema } from '../../lib/read/active-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { registered } from '../support/clients.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
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
  JSON.stringify({ current: 's1', s1: 'a-key-of-client-secrets-that-is-long-enough' })

type Running = Awaited<ReturnType<typeof startProvider>>
const running: Running[] = []
afterEach(() => Promise.all(running.splice(0).map((provider) => provider.close())))

async function start(chosen = settings, options?: Parameters<typeof startProvider>[1]) {
  const server = await testServer({ settings: chosen })
  const provider = await startProvider(server.TableName, options)
  running.push(provider)
  return { server, ...provider }
}

/** Writes into a client's item what this version of the service would not. */
async function setAttribute(
  { TableName }: { TableName: string },
  client_id: string,
  path: readonly string[],
  value: unknown,
) {
  const documents = documentClient({ endpoint: embeddedDynamodb })
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: clientKey(client_id),
      UpdateExpression: `SET ${path.map((_, index) => `#${index}`).join('.')} = :value`,
      ExpressionAttributeNames: Object.fromEntries(path.map((name, index) => [`#${index}`, name])),
      ExpressionAttributeValues: { ':value': value },
    }),
  )
  documents.destroy()
}

const oneRead = { roundTrips: 1, readUnits: 1, writeUnits: 0, indexUnits: 0 }

describe('a token request to oidc-provider', () => {
  test.each([
    ['encrypted', settings],
    ['as digests', digestOnly],
  ] as const)(
    'by client_secret_basic or client_secret_post needs one read after the first of a day, with secrets stored %s',
    async (_, chosen) => {
      const { server, issuer, measure } = await start(chosen)
      const { client_id, client_secret = '' } = await registered(
        server,
        using('client_secret_basic'),
      )
      const client = clientOfProvider(issuer, { client_id, client_secret })
      expect(await clientCredentials(client.basic())).toBe('ok')
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

  test('by private_key_jwt needs one read after the first of a day', async () => {
    const { server, issuer, measure } = await start()
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const jwks = { keys: [await exportJWK(publicKey)] }
    const client = await registered(server, { ...using('private_key_jwt'), jwks })
    const request = async () => {
      const signing = clientOfProvider(issuer, client).signing(privateKey)
      expect(await clientCredentials(signing)).toBe('ok')
    }
    await request()
    expect(await measure(request)).toMatchObject(oneRead)
    const other = await generateKeyPair('ES256')
    const forged = clientOfProvider(issuer, client).signing(other.privateKey)
    expect(await clientCredentials(forged)).toBe('invalid_client')
  })

  test('by client_secret_jwt needs one read after the first of a day, and the key ring', async () => {
    let reads = 0
    const counted = () => {
      reads += 1
      return keyRing()
    }
    const { server, issuer, measure } = await start(settings, { keyRing: counted })
    const { client_id, client_secret = '' } = await registered(server, using('client_secret_jwt'))
    const client = clientOfProvider(issuer, { client_id, client_secret })
    expect(await clientCredentials(client.mac())).toBe('ok')
    const cost = await measure(async () => {
      expect(await clientCredentials(client.mac())).toBe('ok')
    })
    expect(cost).toMatchObject(oneRead)
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

  test('fails with a reason for the operator if a secret is a key but only its digest is stored', async () => {
    const { server, issuer, errors } = await start(digestOnly, { keyRing })
    const client = await registered(server, using('client_secret_basic'))
    // An update by version 0.1 kept the secret when the client changed its method.
    const { client_id, client_secret = '' } = client
    const path = ['metadata', 'token_endpoint_auth_method']
    await setAttribute(server, client_id, path, 'client_secret_jwt')
    const mac = clientOfProvider(issuer, { client_id, client_secret }).mac()
    expect(await clientCredentials(mac)).toBe('server_error')
    expect(errors).toEqual([
      `client ${client_id} uses its secret as a key (client_secret_jwt), but only its digest is stored`,
    ])
  })

  test('is rejected with anything that the table or the provider holds in place of the secret', async () => {
    const { server, issuer, provider } = await start()
    const { client_id } = await registered(server, using('client_secret_basic'))
    const { secret_digest, secret_jwe } = (await server.clients.find(client_id)) ?? {}
    const digest = Buffer.from(secret_digest ?? [])
    const loaded = (await provider.Client.find(client_id))?.metadata().client_secret
    const held = [digest.toString('base64url'), digest.toString('hex'), secret_jwe, loaded]
    for (const client_secret of held) {
      expect(client_secret).toEqual(expect.stringMatching(/.{43}/))
      const client = clientOfProvider(issuer, { client_id, client_secret: String(client_secret) })
      expect(await clientCredentials(client.basic())).toBe('invalid_client')
    }
  })

  test('of a client that was stored under a newer schema is rejected', async () => {
    const { server, issuer } = await start()
    const { client_id, client_secret = '' } = await registered(server, using('client_secret_basic'))
    const client = clientOfProvider(issuer, { client_id, client_secret })
    expect(await clientCredentials(client.basic())).toBe('ok')
    await setAttribute(server, client_id, ['schema'], clientSchema + 1)
    expect(await clientCredentials(client.basic())).toBe('invalid_client')
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
