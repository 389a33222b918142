import { expect, test } from 'vitest'
import { snapshotEvent } from '../../../lib/events/snapshot-event.ts'
import type { InitialAccessToken } from '../../../lib/tokens/initial-access-token.ts'

const token: InitialAccessToken = {
  id: 's1',
  token_digest: new Uint8Array(32),
  issued_at: 1,
  expires_at: 9,
  max_uses: 3,
  uses_left: 3,
  scope: 'client-reg',
  sub: 'alice',
}
const stated = (after: InitialAccessToken | undefined) =>
  snapshotEvent({
    entity: 'initial_access_token',
    id: 'any',
    time: 5,
    before: undefined,
    after,
    expired: false,
  })
const detail = { version: 1, time: 5, initial_access_token: 's1', owner: 'alice', expires_at: 9 }

test('the state of an initial access token is that it was issued, before its first use', () => {
  expect(stated(token)).toEqual({
    type: 'initial_access_token.issued',
    detail: {
      ...detail,
      id: 'initial access token s1 at 3',
      sequence: 1,
      max_uses: 3,
      uses_left: 3,
    },
  })
})

test('the state of an initial access token is what is left of it, after a use', () => {
  expect(stated({ ...token, uses_left: 1 })).toEqual({
    type: 'initial_access_token.consumed',
    detail: {
      ...detail,
      id: 'initial access token s1 at 1',
      sequence: 3,
      max_uses: 3,
      uses_left: 1,
    },
  })
})

test('the state of an initial access token that is never consumed is that it was issued', () => {
  const { max_uses: _, uses_left: __, ...unlimited } = token
  expect(stated(unlimited)).toMatchObject({ type: 'initial_access_token.issued' })
})

test('an initial access token that is gone has no state', () => {
  expect(stated(undefined)).toBeUndefined()
})
