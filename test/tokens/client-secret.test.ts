import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { clientKey } from '../../lib/adapters/dynamodb/table.ts'
import { readClient } from '../../lib/read-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { keyFor } from '../../lib/tokens/key-ring.ts'
import { sha256 } from '../../lib/tokens/token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { now, ordinary, registered } from '../support/clients.ts'
import { composeServer } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

type Stored = Server & { readonly TableName: string }

/** Puts this in the place of a client's stored secret, as who can write to the table might. */
async function replaceStored({ TableName }: Stored, client_id: string, secret_jwe: unknown) {
  const documents = documentClient({ endpoint: embeddedDynamodb })
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: clientKey(client_id),
      UpdateExpression: 'SET secret_jwe = :secret_jwe',
      ExpressionAttributeValues: { ':secret_jwe': secret_jwe },
    }),
  )
  documents.destroy()
}

const jweOf = async (server: Server, client_id: string): Promise<string> =>
  (await server.clients.find(client_id))?.secret_jwe ?? ''

/** The same secret as it was stored before its JWE named the client. */
async function withoutClient(server: Server, jwe: string): Promise<string> {
  const { client_id: _, ...header } = decodeProtectedHeader(jwe)
  const { alg = '', enc = '', kid = '' } = header
  const key = keyFor(await server.clientSecretKeyRing(), kid, 'client_secret')
  if (key === undefined) throw new Error('no key')
  const { plaintext } = await compactDecrypt(jwe, key)
  return new CompactEncrypt(plaintext).setProtectedHeader({ ...header, alg, enc }).encrypt(key)
}

describe('a stored client secret', () => {
  test('names its client in the protected header, also one that an update issues', async () => {
    const server = await testServer()
    const { client_id } = await registered(server)
    expect(decodeProtectedHeader(await jweOf(server, client_id))).toMatchObject({ client_id })

    const open = { ...ordinary, token_endpoint_auth_method: 'none' }
    const { client_id: another, token: bearer } = await registered(server, open)
    const body = { ...ordinary, client_id: another }
    await updateClient({ bearer, client_id: another, body, now }, server)
    expect(decodeProtectedHeader(await jweOf(server, another))).toMatchObject({
      client_id: another,
    })
  })

  test('of another client is not shown, and the operator is warned', async () => {
    const server = await testServer()
    const [mine, another] = [await registered(server), await registered(server)]
    await replaceStored(server, mine.client_id, await jweOf(server, another.client_id))
    const request = { bearer: mine.token, client_id: mine.client_id, now }
    const read = await readClient(request, server)
    expect(read).toMatchObject({ client_id: mine.client_id })
    expect(read).not.toHaveProperty('client_secret')
    expect(server.warnings).toEqual([`the client secret of ${mine.client_id} cannot be decrypted`])
  })

  test('from before it named its client stays readable, and is kept by an update', async () => {
    const server = await testServer()
    const { client_id, client_secret, token: bearer } = await registered(server)
    await replaceStored(
      server,
      client_id,
      await withoutClient(server, await jweOf(server, client_id)),
    )
    expect(await readClient({ bearer, client_id, now }, server)).toMatchObject({ client_secret })
    const body = { ...ordinary, client_id, client_secret }
    expect(await updateClient({ bearer, client_id, body, now }, server)).toMatchObject({
      client_secret,
    })
  })
})

describe('a client secret of which only the digest is stored', () => {
  const methods = ['client_secret_basic', 'client_secret_jwt']
  const settings: SettingsInput = {
    metadata: { tokenEndpointAuthMethods: methods, idTokenSigningAlgs: ['RS256', 'HS256'] },
  }

  /** Registers a client while secrets are stored as digests, and updates it when they are not. */
  async function updated(metadata: object) {
    const before = await testServer({ settings: { clientSecret: { storage: 'digest' } } })
    const { client_id, client_secret, token: bearer } = await registered(before)
    const documents = documentClient({ endpoint: embeddedDynamodb })
    const server = composeServer(documents, before.TableName, settings)
    const body = { ...ordinary, ...metadata, client_id }
    const response = await updateClient({ bearer, client_id, body, now }, server)
    const stored = await server.clients.find(client_id)
    documents.destroy()
    return { client_secret, response, stored }
  }

  test.each([
    { token_endpoint_auth_method: 'client_secret_jwt' },
    { id_token_signed_response_alg: 'HS256' },
  ])('is replaced by an update to %o, which needs the secret as a key', async (metadata) => {
    const { client_secret, response, stored } = await updated(metadata)
    expect(response.client_secret).toEqual(expect.stringMatching(/^[\w-]{86}$/))
    expect(response.client_secret).not.toBe(client_secret)
    expect(stored).toMatchObject({
      secret_digest: sha256(String(response.client_secret)),
      secret_jwe: expect.any(String),
    })
  })

  test('is kept by an update that needs it only to be presented', async () => {
    const { client_secret, response, stored } = await updated({ client_name: 'Renamed' })
    expect(response).not.toHaveProperty('client_secret')
    expect(stored?.secret_digest).toEqual(sha256(String(client_secret)))
  })
})
