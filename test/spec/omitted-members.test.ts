import { beforeAll, describe, expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'

const issuer = signer()
const { redirect_uris } = ordinary

let server: Server
beforeAll(async () => {
  server = await testServer({
    settings: {
      aliases: true,
      registrationAccessToken: { rotateOn: [] },
      softwareStatement: { issuers: [{ issuer: issuer.issuer, jwks: issuer.jwks }] },
    },
  })
})

const register = (body: object, by = server) =>
  registerClient({ bearer: masterToken, body: { redirect_uris, ...body }, now }, by)

/** Registers a client with everything, then updates it with this. */
async function update(body: object, by = server) {
  const { client_id, token: bearer } = await registered(by, {
    ...ordinary,
    client_uri: 'https://client.example/',
  })
  const whole = { redirect_uris, client_id, ...body }
  return updateClient({ bearer, client_id, body: whole, now }, by)
}

const requests = { registration: register, update }

describe.each(Object.entries(requests))('RFC 7592 §2.2 in a %s', (_, send) => {
  test.each(['', null])('a member that is %j is one that was left out', async (nothing) => {
    const names = [
      'client_name',
      'client_name#de',
      'client_uri',
      'client_uri#ja-Kana-JP',
      'logo_uri',
      'tos_uri',
      'policy_uri',
      'scope',
      'scopes',
      'jwks',
      'jwks_uri',
      'software_id',
      'software_version',
      'software_statement',
      'token_endpoint_auth_method',
      'application_type',
      'grant_types',
      'response_types',
      'contacts',
      'id_token_signed_response_alg',
      'id_token_signing_alg_values_supported',
      'backchannel_logout_uri',
      'default_max_age',
      'vp_formats_supported',
    ]
    const answer = await send(Object.fromEntries(names.map((name) => [name, nothing])))
    const { client_id: _id, client_id_issued_at, ...left } = await send({})
    const described = Object.keys(answer).filter((name) => names.includes(name))
    expect(described.sort()).toEqual(
      Object.keys(left)
        .filter((name) => names.includes(name))
        .sort(),
    )
    expect(answer).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
    })
  })

  test.each([{ redirect_uris: '' }, { redirect_uris: [''] }, { redirect_url: '' }])(
    'an empty redirect URI is reported: %j',
    async (sent) => {
      expect(await outcomeOf(send({ ...sent, grant_types: ['client_credentials'] }))).toBe(
        sent.redirect_url === undefined ? 'invalid_redirect_uri' : 'invalid_client_metadata',
      )
    },
  )

  test('an empty item of a list is reported', async () => {
    for (const contacts of [[''], [null]])
      expect(await outcomeOf(send({ contacts }))).toBe('invalid_client_metadata')
  })

  test('a member that a software statement leaves empty is the one that was sent', async () => {
    const claims = { client_name: '', client_uri: null, software_id: 'stated' }
    const answer = await send({
      client_name: 'Sent',
      client_uri: 'https://client.example/',
      software_statement: issuer.sign(claims),
    })
    expect(answer).toMatchObject({
      client_name: 'Sent',
      client_uri: 'https://client.example/',
      software_id: 'stated',
    })
  })

  test('a policy sees it as left out, and may leave one empty', async () => {
    const members = { client_name: 'Default', client_uri: '' }
    const governed = await testServer({
      settings: {
        registrationAccessToken: { rotateOn: [] },
        policies: ['default-members', 'allowed-scopes', 'public-clients-only'],
        policySettings: {
          'default-members': { members },
          'allowed-scopes': { scopes: ['openid', 'profile'] },
        },
      },
    })
    const nothing = { client_name: '', scope: '', token_endpoint_auth_method: '', grant_types: '' }
    const answer = await send(nothing, governed)
    expect(answer).toMatchObject({
      client_name: 'Default',
      scope: 'openid profile',
      token_endpoint_auth_method: 'none',
    })
    expect(answer).not.toHaveProperty('client_uri')
  })
})

describe('RFC 7592 §2.2 the members of an update that name the client', () => {
  test.each(['', null])('a client_secret that is %j is none', async (client_secret) => {
    const { client_id, token: bearer, client_secret: current } = await registered(server, ordinary)
    const body = { redirect_uris, client_id, client_secret }
    const answer = await updateClient({ bearer, client_id, body, now }, server)
    expect(answer).toMatchObject({ redirect_uris, client_secret: current })
  })

  test.each(['', null])('a client_id that is %j is not this client', async (client_id) => {
    expect(await outcomeOf(update({ client_id }))).toBe('invalid_client_metadata')
  })
})
