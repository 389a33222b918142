import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.service.close())

const redirect_uris = ['https://client.example/callback']

describe('clients that others wrote', () => {
  test('openid-client discovers the endpoint and registers', async () => {
    const initialAccessToken = await api.initialAccessToken()
    const configuration = await openid.dynamicClientRegistration(
      new URL(api.service.url),
      { redirect_uris, client_name: 'By openid-client' },
      undefined,
      { initialAccessToken, execute: [openid.allowInsecureRequests] },
    )
    const client = configuration.clientMetadata()
    expect(client).toMatchObject({ redirect_uris, client_name: 'By openid-client' })
    const bearer = String(client.registration_access_token)
    const read = await api.call(String(client.registration_client_uri), { bearer })
    expect(read.body).toMatchObject({
      client_id: client.client_id,
      client_secret: client.client_secret,
    })
  })

  test.each(['oidc', 'oauth2'] as const)(
    'oauth4webapi discovers the endpoint (%s) and registers',
    async (algorithm) => {
      const insecure = { [oauth.allowInsecureRequests]: true }
      const issuer = new URL(api.service.url)
      const found = await oauth.discoveryRequest(issuer, { algorithm, ...insecure })
      const server = await oauth.processDiscoveryResponse(issuer, found)
      const initialAccessToken = await api.initialAccessToken()
      const metadata = { redirect_uris, token_endpoint_auth_method: 'none' }
      const response = await oauth.dynamicClientRegistrationRequest(server, metadata, {
        initialAccessToken,
        ...insecure,
      })
      const client = await oauth.processDynamicClientRegistrationResponse(response)
      expect(client).toMatchObject(metadata)
      expect(client).not.toHaveProperty('client_secret')
    },
  )

  test('oauth4webapi understands a rejection', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(api.service.url)
    const found = await oauth.discoveryRequest(issuer, insecure)
    const server = await oauth.processDiscoveryResponse(issuer, found)
    const rejected = await oauth.dynamicClientRegistrationRequest(
      server,
      { redirect_uris },
      {
        initialAccessToken: 'unknown',
        ...insecure,
      },
    )
    await expect(oauth.processDynamicClientRegistrationResponse(rejected)).rejects.toMatchObject({
      name: 'WWWAuthenticateChallengeError',
      status: 401,
    })
  })
})
