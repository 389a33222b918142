import { describe, expect, test } from 'vitest'
import { memberDocs } from '../../lib/metadata/member-docs.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { specDefaults } from '../../lib/read/defaults.ts'
import { clientOf } from '../../lib/read/index.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'
import { registeredItem } from './clients.ts'

describe('clientOf', () => {
  test('returns what the registration response contains, without credentials', async () => {
    const sent = { ...ordinary, 'client_name#fr': 'Un client', default_max_age: 60 }
    const { response, item } = await registeredItem(sent)
    const { token, registration_access_token, registration_client_uri, ...registration } = response
    const { client_secret, ...expected } = registration
    expect(client_secret).toBeDefined()
    expect(clientOf(item, now)).toEqual({ ...specDefaults, ...expected })
  })

  test('returns no attribute of the item that is not client metadata', async () => {
    const { item } = await registeredItem(ordinary)
    const client = clientOf(item, now)
    for (const name of ['pk', 'metadata', 'secret_digest', 'secret_jwe', 'token_digest'])
      expect(client).not.toHaveProperty(name)
  })

  test('returns a public client without the expiry of a secret', async () => {
    const { item } = await registeredItem({ ...ordinary, token_endpoint_auth_method: 'none' })
    const client = clientOf(item, now)
    expect(client).toMatchObject({ token_endpoint_auth_method: 'none' })
    expect(client).not.toHaveProperty('client_secret_expires_at')
  })

  test('keeps a registered value that differs from the default', async () => {
    const sent = { ...ordinary, require_auth_time: true, subject_type: 'pairwise' }
    const { item } = await registeredItem(sent, { metadata: { subjectTypes: ['pairwise'] } })
    expect(clientOf(item, now)).toMatchObject({ require_auth_time: true, subject_type: 'pairwise' })
  })

  test('has the default of every member for which the reference names one', () => {
    const literals: Record<string, unknown> = { false: false, RS256: 'RS256', A128GCM: ['A128GCM'] }
    const documented = Object.entries(memberDocs).flatMap(([name, entry]) => {
      const [literal = ''] = 'omitted' in entry ? entry.omitted.split(',') : []
      return literal in literals && entry.section !== 'in no registry'
        ? [[name, literals[literal]] as const]
        : []
    })
    expect({ subject_type: 'public', ...Object.fromEntries(documented) }).toEqual(specDefaults)
  })

  test('is undefined for a disabled client, and defined again once it is enabled', async () => {
    const { server, response, item, itemNow } = await registeredItem(ordinary)
    const disable = async (disabled: boolean) => {
      const { client_id } = response
      await updateClientAdmin({ bearer: masterToken, client_id, now, body: { disabled } }, server)
      return clientOf(await itemNow(), now)
    }
    expect(await disable(true)).toBeUndefined()
    expect(await disable(false)).toEqual(clientOf(item, now))
  })

  test('is undefined for an expired client that DynamoDB has not deleted yet', async () => {
    const { item } = await registeredItem(ordinary)
    expect(clientOf({ ...item, expires_at: now + 1 }, now)).toBeDefined()
    expect(clientOf({ ...item, expires_at: now }, now)).toBeUndefined()
  })

  test('is defined for a client whose secret has expired', async () => {
    const { item } = await registeredItem(ordinary, { clientSecret: { lifetime: 60 } })
    expect(clientOf(item, now + 61)).toMatchObject({ client_secret_expires_at: now + 60 })
  })

  test('is undefined for no item', () => {
    expect(clientOf(undefined, now)).toBeUndefined()
  })

  test('reads the earlier schema, and is undefined for a newer or an unreadable one', async () => {
    const { item } = await registeredItem(ordinary)
    expect(item.schema).toBe(2)
    expect(clientOf({ ...item, schema: 1 }, now)).toEqual(clientOf(item, now))
    for (const schema of [3, undefined, { value: '2' }])
      expect(clientOf({ ...item, schema }, now)).toBeUndefined()
  })

  test('is undefined for an item that is not a client', async () => {
    const server = await testServer()
    await initialAccessToken(server)
    const [item] = await stored(server, 'IAT#')
    expect(item).toBeDefined()
    expect(clientOf(item, now)).toBeUndefined()
  })
})
