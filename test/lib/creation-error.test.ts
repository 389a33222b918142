import { describe, expect, test } from 'vitest'
import { creationError } from '../../lib/creation-error.ts'
import type { Consumable } from '../../lib/ports/consumable.ts'

const hour = 1_800_000_000
const consumed = (kind: Consumable['kind']) =>
  creationError({ outcome: 'consumed', kind }, hour + 600)

describe('a registration that stored no client', () => {
  test.each<[Consumable['kind'], string, string]>([
    ['initial_access_token', 'invalid_token', 'the token is unknown, consumed, expired or revoked'],
    ['access_token', 'invalid_token', 'the token is unknown, consumed, expired or revoked'],
    ['signed_request', 'invalid_request', 'the signed request has already been used (jti)'],
    [
      'idempotency_key',
      'temporarily_unavailable',
      'another request with this Idempotency-Key was just carried out; retry later',
    ],
    [
      'software_client',
      'quota_exhausted',
      'the client quota of this software_id is exhausted; delete a client, or ask the operator',
    ],
    ['owned_client', 'quota_exhausted', "the owner's client quota is exhausted"],
    [
      'pending_registration',
      'invalid_registration',
      'the registration code is unknown or consumed',
    ],
  ])('because its %s was consumed ends with %s', (kind, code, description) => {
    expect(consumed(kind)).toMatchObject({ code, description })
  })

  test.each(['anonymous_client', 'redirect_host'] as const)(
    'because the hour has no %s left may be repeated in the next hour',
    (kind) => {
      expect(consumed(kind)).toMatchObject({
        code: 'too_many_requests',
        details: { retryAfterSeconds: 3_000 },
      })
    },
  )

  test('because its client_id exists is an error of the server', () => {
    expect(creationError({ outcome: 'exists' }, hour).code).toBe('server_error')
  })
})
