import { type DeferredRegistration, registerOrDefer } from '../../lib/defer-registration.ts'
import { decidePendingRegistration } from '../../lib/operator/pending-registration.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import type { ServiceRequest } from './instance.ts'
import type { Operation } from './operation.ts'

const settings: SettingsInput = { approval: 'draft', registration: 'dynamic' }
const asking = { ...ordinary, registration_mode: ['approval'] }

const register = (body: object, bearer?: string) =>
  ({ method: 'POST', path: '/register', body, bearer }) satisfies ServiceRequest

/** A registration that was deferred a minute ago. */
async function deferred(server: Server): Promise<DeferredRegistration> {
  const answer = await registerOrDefer({ bearer: undefined, body: asking, now: now - 60 }, server)
  if (!('registration_code' in answer)) throw new Error('it was not deferred')
  return answer
}

async function approved(server: Server): Promise<DeferredRegistration> {
  const answer = await deferred(server)
  const { verification_code } = answer
  const body = { decision: 'approve' }
  await decidePendingRegistration({ bearer: masterToken, verification_code, body, now }, server)
  return answer
}

export const deferredRegistrations: readonly Operation[] = [
  {
    name: 'deferred registration: request',
    settings,
    success: 202,
    repeated: 202,
    prepare: async () => ({ request: register(asking) }),
  },
  {
    name: 'deferred registration: request, token on_success',
    settings,
    success: 202,
    repeated: 401,
    async prepare(server) {
      const bearer = await initialAccessToken(server)
      const renewed = register(asking, await initialAccessToken(server))
      return { request: register(asking, bearer), renewed }
    },
  },
  {
    name: 'deferred registration: poll while pending',
    settings,
    success: 202,
    // The poll was answered, or nobody knows it: the client waits.
    repeated: 429,
    async prepare(server) {
      const { registration_code } = await deferred(server)
      return { request: register({ registration_code }) }
    },
  },
  {
    name: 'deferred registration: poll after approval',
    settings,
    success: 201,
    // The code is consumed: the client registers anew.
    repeated: 400,
    async prepare(server) {
      const { registration_code } = await approved(server)
      return { request: register({ registration_code }) }
    },
  },
  {
    name: 'deferred registration: cancellation',
    settings,
    success: 204,
    repeated: 400,
    async prepare(server) {
      const { registration_code } = await deferred(server)
      return { request: register({ registration_code, cancel_registration: true }) }
    },
  },
  {
    name: 'operator: approve a deferred registration',
    settings,
    success: 200,
    repeated: 200,
    async prepare(server) {
      const { verification_code } = await deferred(server)
      const path = `/pending-registrations/${verification_code}/approval`
      const body = { decision: 'approve' }
      return { request: { method: 'POST', path, bearer: masterToken, body } }
    },
  },
]
