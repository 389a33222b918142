import { decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { registerClient } from '../../lib/register-client.ts'
import { sha256 } from '../../lib/tokens/token.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

/** All that the table holds, as text; of bytes each way to read them. */
async function everything(server: { readonly TableName: string }): Promise<string> {
  const items = await stored(server, '')
  return JSON.stringify(items, (_, value) =>
    value instanceof Uint8Array
      ? ['utf8', 'base64', 'base64url', 'hex'].map((encoding) =>
          Buffer.from(value).toString(encoding as BufferEncoding),
        )
      : value,
  )
}

test('no item contains a credential in clear', async () => {
  const server = await testServer()
  const bearer = await initialAccessToken(server, { max_uses: 2 })
  const { client_id, client_secret = '', token } = await registered(server)
  await registerClient({ bearer, body: ordinary, now }, server)

  const text = await everything(server)
  expect(text).toContain(client_id)
  for (const credential of [client_secret, token, bearer])
    expect(text).toContain(Buffer.from(sha256(credential)).toString('hex'))
  // The id of an initial access token precedes its secret, and is stored.
  for (const credential of [client_secret, token.slice(4), bearer.slice(-43)]) {
    expect(credential).toMatch(/^[\w-]{43,}$/)
    expect(text).not.toContain(credential)
    expect(text).not.toContain(Buffer.from(credential, 'base64url').toString('base64'))
  }
})

test('no item contains an access token that was consumed', async () => {
  const issuer = signer()
  const trusted = {
    issuer: issuer.issuer,
    audience: ['https://as.example/register'],
    jwks: issuer.jwks,
    singleUse: true,
  }
  const server = await testServer({ settings: { accessTokenIssuers: [trusted] } })
  const bearer = issuer.accessToken()
  await registerClient({ bearer, body: ordinary, now }, server)

  const text = await everything(server)
  expect(text).toContain('JTI#')
  for (const part of bearer.split('.')) expect(text).not.toContain(part)
})

test('a stored client secret is encrypted without compression', async () => {
  const server = await testServer()
  const { client_id } = await registered(server)
  const { secret_jwe = '' } = (await server.clients.find(client_id)) ?? {}
  const { alg, enc, ...header } = decodeProtectedHeader(secret_jwe)
  expect([alg, enc]).toEqual(['dir', 'A256GCM'])
  expect(Object.keys(header).sort()).toEqual(['client_id', 'kid'])
})
