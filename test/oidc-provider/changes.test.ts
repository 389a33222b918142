import { randomBytes } from 'node:crypto'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deleteClient } from '../../lib/delete-client.ts'
import type { JsonObject } from '../../lib/json.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { currentTime } from '../../lib/read/active-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import {
  authorizedRequest,
  clientCredentials,
  clientOfProvider,
  codeFlow,
  outcome,
} from './client.ts'
import { startProvider } from './provider.ts'

const lifetime = 86_400
const settings = { profile: 'oidc-provider', clientSecret: { lifetime } } as const

let server: Awaited<ReturnType<typeof testServer>>
let provider: Awaited<ReturnType<typeof startProvider>>
beforeAll(async () => {
  server = await testServer({ settings })
  provider = await startProvider(server.TableName)
})
afterAll(() => provider.close())

const machine = {
  grant_types: ['client_credentials'],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
}
const native = {
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1/callback'],
}
const web = { token_endpoint_auth_method: 'none', redirect_uris: ['https://client.example/old'] }

type Credentials = { readonly client_id: string; readonly client_secret?: string }
const tokenRequest = (client: Credentials) =>
  clientCredentials(clientOfProvider(provider.issuer, client).basic())
const publicClient = (client: Credentials) => clientOfProvider(provider.issuer, client).none()

/** Registers a client whose secret expires a day after this time. */
const registerAt = (now: number) =>
  registerClient({ bearer: masterToken, body: machine, now }, server)

async function update(client_id: string, bearer: string, body: JsonObject) {
  const request = { bearer, client_id, body: { ...body, client_id }, now }
  return updateClient(request, server)
}

describe('the authorization code flow with PKCE at oidc-provider', () => {
  test('ends at a loopback port other than the registered one for a native client', async () => {
    const client = await publicClient(await registered(server, native))
    const port = 49_152 + (randomBytes(2).readUInt16BE() % 10_000)
    const tokens = await codeFlow(client, `http://127.0.0.1:${port}/callback`)
    expect(tokens).toMatchObject({ token_type: 'bearer', id_token: expect.any(String) })
    const elsewhere = await codeFlow(client, `http://127.0.0.1:${port}/other`)
    expect(elsewhere).toContain('invalid_redirect_uri')
  })

  test('reads the client once, and writes nothing, in its token request', async () => {
    const client = await publicClient(await registered(server, web))
    const request = await authorizedRequest(client, 'https://client.example/old')
    if (typeof request === 'string') throw new Error(request)
    const cost = await provider.measure(request)
    expect(cost).toMatchObject({ roundTrips: 1, readUnits: 1, writeUnits: 0, indexUnits: 0 })
  })

  test('ends at the redirect URI of an update at once, and no longer at the old one', async () => {
    const { client_id, token } = await registered(server, web)
    const client = await publicClient({ client_id })
    expect(await codeFlow(client, 'https://client.example/old')).toHaveProperty('access_token')
    await update(client_id, token, { ...web, redirect_uris: ['https://client.example/new'] })
    expect(await codeFlow(client, 'https://client.example/new')).toHaveProperty('access_token')
    expect(await codeFlow(client, 'https://client.example/old')).toContain('invalid_redirect_uri')
  })

  test('is rejected once the client is disabled', async () => {
    const { client_id } = await registered(server, web)
    const client = await publicClient({ client_id })
    await setDisabled(client_id, true)
    expect(await codeFlow(client, 'https://client.example/old')).toContain('invalid_client')
  })
})

test('two instances of a shared client sign in at oidc-provider, each at its own loopback port', async () => {
  const open = await testServer({
    settings: { ...settings, registration: 'dynamic', sharing: 'public' },
  })
  const shared = await startProvider(open.TableName)
  try {
    const ports = [50_123, 50_124]
    const ids = new Set<string>()
    for (const port of ports) {
      const redirect_uris = [`http://127.0.0.1:${port}/callback`]
      const body = { client_name: 'A program', token_endpoint_auth_method: 'none', redirect_uris }
      const answer = await registerClient({ bearer: undefined, body, now }, open)
      expect(answer.redirect_uris).toEqual(redirect_uris)
      ids.add(answer.client_id)
      const client = await clientOfProvider(shared.issuer, answer).none()
      expect(await codeFlow(client, `http://127.0.0.1:${port}/callback`)).toHaveProperty('id_token')
      expect(await codeFlow(client, `http://127.0.0.1:${port}/other`)).toContain(
        'invalid_redirect_uri',
      )
    }
    expect(ids.size).toBe(1)
  } finally {
    await shared.close()
  }
})

async function setDisabled(client_id: string, disabled: boolean) {
  await updateClientAdmin({ bearer: masterToken, client_id, now, body: { disabled } }, server)
}

describe('a token request to oidc-provider', () => {
  test('is rejected while the client is disabled', async () => {
    const client = await registerAt(currentTime())
    expect(await tokenRequest(client)).toBe('ok')
    await setDisabled(client.client_id, true)
    expect(await tokenRequest(client)).toBe('invalid_client')
    await setDisabled(client.client_id, false)
    expect(await tokenRequest(client)).toBe('ok')
  })

  test('is rejected at once after the client was deleted', async () => {
    const client = await registerAt(currentTime())
    expect(await tokenRequest(client)).toBe('ok')
    const { client_id, registration_access_token: bearer } = client
    await deleteClient({ bearer, client_id, now: currentTime() }, server)
    expect(await tokenRequest(client)).toBe('invalid_client')
  })

  test('is accepted with the new secret only, at once after the secret was replaced', async () => {
    const client = await registerAt(currentTime())
    expect(await tokenRequest(client)).toBe('ok')
    const { client_id, registration_access_token: bearer } = client
    const request = { bearer, client_id, body: { ...machine, client_id } }
    // The service replaces a secret that has expired.
    const replaced = await updateClient({ ...request, now: currentTime() + lifetime }, server)
    expect(replaced.client_secret).not.toBe(client.client_secret)
    expect(await tokenRequest(client)).toBe('invalid_client')
    expect(await tokenRequest(replaced)).toBe('ok')
  })

  test('is rejected with a secret that has expired', async () => {
    // More than the provider's clockTolerance of 15 seconds.
    const client = await registerAt(currentTime() - lifetime - 60)
    expect(await tokenRequest(client)).toBe('invalid_client')
  })
})

test('an access token of a disabled client is rejected at once by oidc-provider', async () => {
  const { client_id } = await registered(server, web)
  const client = await publicClient({ client_id })
  const tokens = await codeFlow(client, 'https://client.example/old')
  if (typeof tokens === 'string') throw new Error(tokens)
  const userInfo = () => outcome(openid.fetchUserInfo(client, tokens.access_token, 'alice'))
  expect(await userInfo()).toBe('ok')
  await setDisabled(client_id, true)
  expect(await userInfo()).toBe('invalid_token')
})
