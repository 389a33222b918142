import { describe, expect, test } from 'vitest'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'
import {
  decryptClientSecret,
  issueClientSecret,
  moveToClientSecretKeyRing,
} from '../../../lib/tokens/client-secret.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import { encryptSecretJwe, secretKeyId } from '../../../lib/tokens/secret-jwe.ts'
import { sha256 } from '../../../lib/tokens/token.ts'

const ringOf = (...ids: string[]): KeyRing => ({
  current: ids[0] ?? '',
  keys: new Map(ids.map((id) => [id, id.padEnd(32, '.')])),
})
const now = 1_800_000_000
const secret = 'a-client-secret'
const [tokens, secrets] = [ringOf('k1'), ringOf('s1')]
const keyRings = { keyRing: async () => tokens, clientSecretKeyRing: async () => secrets }

const issue = (clientSecret: SettingsInput['clientSecret'] = {}) =>
  issueClientSecret(
    'client',
    parseSettings({ clientSecret }).clientSecret,
    async () => secret,
    keyRings.clientSecretKeyRing,
    now,
  )

describe('an issued client secret', () => {
  test('is stored as its digest and encrypted for the client, and never expires by default', async () => {
    const { client_secret, stored } = await issue()
    const { secret_jwe = '', ...others } = stored
    expect(client_secret).toBe(secret)
    expect(others).toEqual({ secret_digest: sha256(secret), client_secret_expires_at: 0 })
    expect(secretKeyId(secret_jwe)).toBe('s1')
    expect(await decryptClientSecret('client', secret_jwe, keyRings)).toBe(secret)
  })

  test('is stored as its digest only, where the settings say so', async () => {
    const { stored } = await issue({ storage: 'digest' })
    expect(stored).toEqual({ secret_digest: sha256(secret), client_secret_expires_at: 0 })
  })

  test('expires after the lifetime of the settings', async () => {
    const { stored } = await issue({ lifetime: 86_400 })
    expect(stored.client_secret_expires_at).toBe(now + 86_400)
  })
})

describe('a client secret from before the client secret key ring', () => {
  const before = encryptSecretJwe('client', secret, tokens)

  test('is decrypted by the key ring, and moved to the client secret key ring', async () => {
    expect(await decryptClientSecret('client', before, keyRings)).toBe(secret)
    const moved = await moveToClientSecretKeyRing('client', before, keyRings)
    expect(secretKeyId(moved)).toBe('s1')
    expect(await decryptClientSecret('client', moved, keyRings)).toBe(secret)
  })

  test('is not moved again', async () => {
    const moved = encryptSecretJwe('client', secret, secrets)
    expect(await moveToClientSecretKeyRing('client', moved, keyRings)).toBe(moved)
  })

  test('makes the client secret key ring be read again only where both rings lack its key', async () => {
    const answers: boolean[] = []
    const clientSecretKeyRing = async (suffices = (_: KeyRing) => true) => {
      answers.push(suffices(secrets))
      return suffices(secrets) ? secrets : ringOf('s2', 's1')
    }
    const rings = { ...keyRings, clientSecretKeyRing }
    for (const id of ['k1', 's1', 's2']) {
      const jwe = encryptSecretJwe('client', secret, ringOf(id))
      expect(await decryptClientSecret('client', jwe, rings)).toBe(secret)
    }
    expect(answers).toEqual([true, true, false])
  })
})
