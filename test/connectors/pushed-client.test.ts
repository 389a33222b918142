import { describe, expect, test } from 'vitest'
import { clientWalk } from '../../lib/adapters/dynamodb/client-walk.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { decryptPushedClient } from '../../lib/pushed-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'

const settings: SettingsInput = { clientSecret: { lifetime: 100 } }

type Server = Awaited<ReturnType<typeof testServer>>

async function pushedAt(server: Server, client_id: string, at = now) {
  const client = await server.clients.find(client_id)
  if (client === undefined) throw new Error('the client is not stored')
  return decryptPushedClient(client, server, at)
}

describe('what is pushed of a stored client', () => {
  test('is its registration with the defaults, and its secret', async () => {
    const server = await testServer({ settings })
    const { client_id, client_secret } = await registered(server)
    expect(await pushedAt(server, client_id, now + 99)).toMatchObject({
      client: { ...ordinary, client_id, subject_type: 'public' },
      client_secret,
      isActive: true,
      sequence: 1,
    })
  })

  test('is inactive and without a secret, once that has expired', async () => {
    const server = await testServer({ settings })
    const { client_id } = await registered(server)
    const pushed = await pushedAt(server, client_id, now + 100)
    expect([pushed.client_secret, pushed.isActive]).toEqual([undefined, false])
  })

  test('is inactive while the client is disabled, with another sequence', async () => {
    const server = await testServer({ settings })
    const { client_id, client_secret } = await registered(server)
    const change = (disabled: boolean) =>
      updateClientAdmin({ bearer: masterToken, client_id, now, body: { disabled } }, server)
    await change(true)
    expect(await pushedAt(server, client_id)).toMatchObject({
      client_secret,
      isActive: false,
      sequence: 2,
    })
    await change(false)
    expect(await pushedAt(server, client_id)).toMatchObject({ isActive: true, sequence: 3 })
  })
})

test('a walk finds every client once: labelled ones, and those that await approval', async () => {
  const server = await testServer({ settings: { approval: 'disabled_until_approved' } })
  const ids: string[] = []
  for (let index = 0; index < 20; index += 1) {
    const bearer = index % 2 === 0 ? masterToken : await initialAccessToken(server)
    const request = { bearer, body: { ...ordinary }, now: now + index }
    ids.push((await registerClient(request, server)).client_id)
  }
  const [client_id = ''] = ids
  const body = { label: 'partner' }
  await updateClientAdmin({ bearer: masterToken, client_id, now, body }, server)
  const walk = clientWalk(documentClient({ endpoint: embeddedDynamodb }), server.TableName)
  const found: string[] = []
  for (let part = 0; part < walk.parts; part += 1) {
    let from: string | undefined
    do {
      const page = await walk.listPart(part, from, 2)
      found.push(...page.client_ids)
      from = page.next
    } while (from !== undefined)
  }
  expect(found.sort()).toEqual(ids.sort())
})
