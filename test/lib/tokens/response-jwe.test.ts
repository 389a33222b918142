import { createHmac, hkdfSync } from 'node:crypto'
import { compactDecrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import { identifyRequest } from '../../../lib/idempotency-key.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import { decryptResponse, encryptResponse } from '../../../lib/tokens/response-jwe.ts'
import { encryptSecretJwe } from '../../../lib/tokens/secret-jwe.ts'

const [s1, s2] = ['first'.padEnd(32, '.'), 'second'.padEnd(32, '.')]
const ring: KeyRing = { current: 's1', keys: new Map([['s1', s1]]) }
const later: KeyRing = {
  current: 's2',
  keys: new Map([
    ['s1', s1],
    ['s2', s2],
  ]),
}
const keyRing = async () => ring
const request = identifyRequest('key', 'bearer', ['{}'])
const response = { client_id: 'client', client_secret: 'ü' }
const jwe = await encryptResponse(request, response, keyRing)
const invalid = new Error('the stored response is invalid')

describe('the encrypted response to a registration', () => {
  test('is decrypted for an equal request', async () => {
    const again = identifyRequest('key', 'bearer', ['{}'])
    expect(await decryptResponse(again, jwe, keyRing)).toEqual(response)
  })

  test('has a key that the bearer and the idempotency key are needed for', async () => {
    const derived = Buffer.from(hkdfSync('sha256', s1, '', 'idempotent_response', 32))
    const key = createHmac('sha256', derived).update('["bearer","key"]').digest()
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, key)
    expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual(response)
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 's1', id: request.id })
    await expect(compactDecrypt(jwe, derived)).rejects.toThrow('decryption operation failed')
  })

  test.each([
    ['another idempotency key', identifyRequest('another', 'bearer', ['{}'])],
    ['another bearer', identifyRequest('key', 'another', ['{}'])],
    ['no bearer', identifyRequest('key', undefined, ['{}'])],
    ['the ID of this request and another secret', { ...request, secret: 'another' }],
    ['the secret of this request and another ID', { ...request, id: 'another' }],
  ])('is not decrypted for a request with %s', async (_, other) => {
    await expect(decryptResponse(other, jwe, keyRing)).rejects.toThrow(invalid)
  })

  test.each([
    ['no JWE', 'text'],
    ['empty', ''],
    ['cut', jwe.slice(0, -1)],
    ['an encrypted client secret', encryptSecretJwe('client', 'secret', ring)],
  ])('is rejected if it is %s', async (_, stored) => {
    await expect(decryptResponse(request, stored, keyRing)).rejects.toThrow(invalid)
  })

  test('is decrypted by its key after another key became the current one', async () => {
    expect(await decryptResponse(request, jwe, async () => later)).toEqual(response)
    const withoutS1: KeyRing = { current: 's2', keys: new Map([['s2', s2]]) }
    await expect(decryptResponse(request, jwe, async () => withoutS1)).rejects.toThrow(invalid)
  })

  test('makes the ring be read again only where the ring lacks its key', async () => {
    const asked: boolean[] = []
    const reloaded = async (suffices = (_: KeyRing) => true) => {
      asked.push(suffices(ring))
      return suffices(ring) ? ring : later
    }
    const ofLater = await encryptResponse(request, response, async () => later)
    for (const stored of [jwe, ofLater])
      expect(await decryptResponse(request, stored, reloaded)).toEqual(response)
    expect(asked).toEqual([true, false])
  })

  test('is not made by a ring that lost its current key', async () => {
    const lost = async (): Promise<KeyRing> => ({ current: 's3', keys: ring.keys })
    await expect(encryptResponse(request, response, lost)).rejects.toThrow(
      new Error('the key ring lost its current key'),
    )
  })
})
