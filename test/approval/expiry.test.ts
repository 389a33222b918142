import { expect, test } from 'vitest'
import { type DeferredRegistration, registerOrDefer } from '../../lib/defer-registration.ts'
import {
  decidePendingRegistration,
  getPendingRegistration,
} from '../../lib/operator/pending-registration.ts'
import { cancelRegistration, pollRegistration } from '../../lib/poll-registration.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessToken, now, ordinary, outcomeOf } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import { testServer } from '../support/server.ts'
import { stored } from '../support/stored.ts'

const draft: SettingsInput = { approval: 'draft', registration: 'dynamic' }
const perOwner: SettingsInput = {
  approval: 'draft',
  policies: ['maximum-clients-per-owner'],
  policySettings: { 'maximum-clients-per-owner': { max: 1 } },
}

async function deferred(server: Server, bearer?: string): Promise<DeferredRegistration> {
  const body = { ...ordinary, registration_mode: ['approval'] }
  const answer = await registerOrDefer({ bearer, body, now }, server)
  if (!('registration_code' in answer)) throw new Error('it was not deferred')
  return answer
}

const approve = (server: Server, verification_code: string, at = now) =>
  decidePendingRegistration(
    { bearer: masterToken, verification_code, now: at, body: { decision: 'approve' } },
    server,
  )

test.each([
  ['nobody decided', false],
  ['it was approved', true],
])('a registration code expires after its lifetime, where %s', async (_, isApproved) => {
  const server = await testServer({ settings: draft })
  const { registration_code, verification_code, expires_in } = await deferred(server)
  if (isApproved) await approve(server, verification_code)
  const last = now + expires_in
  const asked = { bearer: masterToken, verification_code, now: last }
  expect(await outcomeOf(getPendingRegistration(asked, server))).toBe('not_found')
  expect(await outcomeOf(approve(server, verification_code, last))).toBe('not_found')
  const poll = { registration_code, now: last }
  expect(await outcomeOf(pollRegistration(poll, server))).toBe('expired_token')
  expect(await outcomeOf(cancelRegistration(poll, server))).toBe('invalid_registration')
  expect(await stored(server, 'CLIENT#')).toEqual([])
})

test('no item of a deferred registration contains a code or a credential', async () => {
  const server = await testServer({ settings: draft })
  const { registration_code, verification_code } = await deferred(server)
  await approve(server, verification_code)
  const [item] = await stored(server, 'REGISTRATION#')
  expect(JSON.stringify(item)).not.toContain(registration_code)
  for (const name of ['secret_digest', 'secret_jwe', 'token_digest'])
    expect(item).not.toHaveProperty(name)
  await pollRegistration({ registration_code, now }, server)
  expect(await stored(server, 'REGISTRATION#')).toEqual([])
})

test('the quota of an owner counts clients, not deferred registrations', async () => {
  const server = await testServer({ settings: perOwner })
  const bearer = await initialAccessToken(server, { sub: 'alice', max_uses: 3 })
  const [one, other] = [await deferred(server, bearer), await deferred(server, bearer)]
  for (const { verification_code } of [one, other]) await approve(server, verification_code)
  const poll = ({ registration_code }: DeferredRegistration) =>
    outcomeOf(pollRegistration({ registration_code, now }, server))
  expect(await poll(one)).toBe('ok')
  expect(await poll(other)).toBe('quota_exhausted')
})
