import { describe, expect, test } from 'vitest'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { now, registered } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'

describe('disabling a client', () => {
  test('twice keeps the time of the first, unless it was enabled between', async () => {
    const server = await testServer()
    const { client_id } = await registered(server)
    const change = (disabled: boolean, minutes: number) => {
      const body = { disabled }
      const request = { bearer: masterToken, client_id, now: now + minutes * 60, body }
      return updateClientAdmin(request, server)
    }
    expect(await change(true, 1)).toMatchObject({ disabled_at: now + 60 })
    expect(await change(true, 2)).toMatchObject({ disabled: true, disabled_at: now + 60 })
    expect(await change(false, 3)).not.toHaveProperty('disabled_at')
    expect(await change(true, 4)).toMatchObject({ disabled_at: now + 240 })
  })
})
