import { describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, outcomeOf, registered } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'

const redirect_uris = ['https://a.example/cb', 'https://b.example/cb']
const pairwise = {
  redirect_uris,
  subject_type: 'pairwise',
  sector_identifier_uri: 'https://client.example/sector',
}

describe('a document that a client names', () => {
  const issuer = signer()
  const issuers = [{ issuer: issuer.issuer, jwks: issuer.jwks }]
  const serve = async () => {
    const server = await testServer({
      settings: { registration: 'dynamic', softwareStatement: { issuers } },
    })
    const read: string[] = []
    const fetchJson = async (url: string) => {
      read.push(url)
      return redirect_uris
    }
    return { server: { ...server, fetchJson }, read }
  }
  const replay = { digest: new Uint8Array(32), remembered_until: now + 300 }

  test('is not fetched for a client without a token, at its registration or an update', async () => {
    const { server, read } = await serve()
    const request = { bearer: undefined, body: pairwise, now }
    expect(await outcomeOf(registerClient(request, server))).toBe('invalid_client_metadata')
    const { client_id, registration_access_token: bearer } = await registerClient(
      { ...request, body: { redirect_uris } },
      server,
    )
    const body = { ...pairwise, client_id }
    const update = updateClient({ bearer, client_id, body, now }, server)
    expect(await outcomeOf(update)).toBe('invalid_client_metadata')
    expect(read).toEqual([])
  })

  test('is fetched for a client with a token, a verified statement or a signed request', async () => {
    const { server, read } = await serve()
    const software_statement = issuer.sign({ software_id: '1' })
    const requests = [
      { bearer: await initialAccessToken(server), body: pairwise },
      { bearer: undefined, body: { ...pairwise, software_statement } },
      { bearer: undefined, body: pairwise, signed: true, replay },
    ]
    for (const request of requests)
      expect(await outcomeOf(registerClient({ ...request, now }, server))).toBe('ok')
    expect(read).toHaveLength(3)
    const client = await registered(server)
    const body = { ...pairwise, client_id: client.client_id }
    const update = { bearer: client.token, client_id: client.client_id, body, now }
    expect(await outcomeOf(updateClient(update, server))).toBe('ok')
  })
})
