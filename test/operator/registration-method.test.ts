import { describe, expect, test } from 'vitest'
import { adminView } from '../../lib/operator/admin-view.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { masterToken, staticInitialAccessToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const issuer = signer()
const { jwks, issuer: iss } = issuer
const accessTokenIssuers = [{ issuer: iss, jwks, audience: ['https://as.example/register'] }]

const open = () => testServer({ settings: { registration: 'dynamic', accessTokenIssuers } })

async function registeredBy(server: Server, bearer: string | undefined) {
  const { client_id, registration_access_token } = await registerClient(
    { bearer, body: ordinary, now },
    server,
  )
  const shown = () => getClient({ bearer: masterToken, client_id, now }, server)
  return { client_id, token: registration_access_token, shown }
}

describe('the registration method of a client', () => {
  const alice = issuer.accessToken({ sub: 'alice' })
  test.each<[string, string | undefined, object]>([
    ['nobody’s', undefined, { registration_method: 'anonymous' }],
    ['the operator’s', masterToken, { registration_method: 'operator' }],
    [
      'the static token’s',
      staticInitialAccessToken,
      { registration_method: 'static_initial_access_token' },
    ],
    ['an issuer’s', alice, { registration_method: 'access_token', iss, owner: 'alice' }],
    [
      'without a sub',
      issuer.accessToken({ sub: undefined }),
      { registration_method: 'access_token', iss },
    ],
  ])('is shown and listed: %s', async (_, bearer, right) => {
    const server = await open()
    const { shown } = await registeredBy(server, bearer)
    const { registration_method, iss: issuerShown, owner, initial_access_token } = await shown()
    expect({ registration_method, iss: issuerShown, owner, initial_access_token }).toEqual({
      iss: undefined,
      owner: undefined,
      initial_access_token: undefined,
      ...right,
    })
    const { clients } = await listClients({ bearer: masterToken, now, query: {} }, server)
    expect(clients[0]).toMatchObject(right)
  })

  test('follows from the stored token where there was one, and is stored only once', async () => {
    const server = await open()
    const bearer = await initialAccessToken(server, { sub: 'alice' })
    const { shown } = await registeredBy(server, bearer)
    const right = {
      registration_method: 'initial_access_token',
      initial_access_token: initialAccessTokenId(bearer),
    }
    expect(await shown()).toMatchObject(right)
    const [item] = await stored(server, 'CLIENT#')
    expect(item).not.toHaveProperty('admission')
  })

  test('survives an update by the client, which does not see it', async () => {
    const server = await open()
    const { client_id, token, shown } = await registeredBy(server, undefined)
    const body = { ...ordinary, client_id, client_name: 'Renamed' }
    const updated = await updateClient({ bearer: token, client_id, now, body }, server)
    expect(updated).not.toHaveProperty('registration_method')
    expect(await shown()).toMatchObject({
      registration_method: 'anonymous',
      metadata: { client_name: 'Renamed' },
    })
  })

  test('is left out of a client that was stored before it was kept', async () => {
    const server = await open()
    const { client_id } = await registeredBy(server, undefined)
    const client = await server.clients.find(client_id)
    if (client === undefined) throw new Error('the client is gone')
    const { registration_method, ...before } = client
    expect(registration_method).toBe('anonymous')
    expect(adminView(before, server.settings)).not.toHaveProperty('registration_method')
  })
})
