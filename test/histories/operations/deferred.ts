import { registerOrDefer } from '../../../lib/defer-registration.ts'
import { decidePendingRegistration } from '../../../lib/operator/pending-registration.ts'
import { cancelRegistration, pollRegistration } from '../../../lib/poll-registration.ts'
import { ordinary } from '../../support/clients.ts'
import { masterToken } from '../../support/compose.ts'
import { type Known, newest, type Step } from '../known.ts'
import { newClient } from '../new-client.ts'
import { defineOperation, type Effect, generated } from '../operation.ts'
import { generatedSecret } from '../secrets.ts'
import {
  type Decided,
  type State,
  withClient,
  withoutRegistration,
  withRegistration,
} from '../state.ts'

type OfRegistration = { readonly key: string }

function choose({ subject }: Step, { registrations }: Known): OfRegistration | undefined {
  const registration = newest(registrations, subject)
  return registration && { key: registration.key }
}

function codesOf({ key }: OfRegistration, { registrations }: Known) {
  const known = registrations.find((registration) => registration.key === key)
  return { registration_code: known?.registration_code, code: known?.verification_code ?? '' }
}

/** A registration that is deferred until it is approved and polled. */
export const defer = defineOperation<object>({
  name: 'defer',
  choose: () => ({}),
  async call(_, { id: key, now }, server, known) {
    const body = {
      ...ordinary,
      client_name: key,
      software_id: `${known.history} ${key}`,
      registration_mode: ['approval'],
    }
    const response = await registerOrDefer({ bearer: undefined, body, now }, server)
    if (!('registration_code' in response)) return { isDeferred: false }
    const { registration_code, verification_code } = response
    known.registrations.push({ key, registration_code, verification_code })
    return { isDeferred: true }
  },
  effects(state, _, { id, now, settings }) {
    const registration = { expiresAt: now + settings.pendingRegistration.lifetime, polledAt: now }
    return [{ next: withRegistration(state, id, registration), response: { isDeferred: true } }]
  },
})

const invalid = (next: State): Effect => ({ next, rejected: 'invalid_registration' })

/** The first poll after the approval gets the client. */
export const poll = defineOperation<OfRegistration>({
  name: 'poll',
  choose,
  async call(given, { now }, server, known) {
    const { registration_code } = codesOf(given, known)
    const response = await pollRegistration({ registration_code, now }, server)
    if ('interval' in response) return { isPending: true }
    const { client_id, client_secret: secret, registration_access_token: token = '' } = response
    known.clients.push({
      key: given.key,
      client_id,
      secrets: secret ? [secret] : [],
      tokens: [token],
    })
    return { token, secret, name: response.client_name }
  },
  effects(state, { key }, context) {
    const { now, settings, ambiguous, disturbed } = context
    const registration = state.registrations[key]
    const tooFast = { next: state, rejected: 'too_many_requests' }
    const pending = { next: state, response: { isPending: true } }
    // Another call may have changed the registration since this one found it pending.
    const others = [...(disturbed ? [tooFast] : []), ...(ambiguous ? [pending] : [])]
    if (registration === undefined) return [invalid(state), ...others]
    const { expiresAt, polledAt, decision } = registration
    if (expiresAt <= now) return [{ next: state, rejected: 'expired_token' }]
    if (decision?.outcome === 'rejected')
      return [{ next: state, rejected: 'access_denied' }, ...others]
    if (decision !== undefined) return [registered(state, key, decision), ...others]
    if (now < polledAt + settings.pendingRegistration.interval) return [tooFast, ...others]
    const polled = withRegistration(state, key, { ...registration, polledAt: now })
    return [{ ...pending, next: polled }, ...others]

    function registered(before: State, name: string, made: Decided): Effect {
      const token = generated(context)
      const secret = generatedSecret(context)
      const { pending: _, ...client } = newClient(name, 'anonymous', context)
      const next = withClient(withoutRegistration(before, name), name, {
        ...client,
        token,
        secret,
        disabled: false,
        decision: made,
      })
      return { next, response: { token, secret, name } }
    }
  },
  creates: ({ key }) => key,
})

export const cancel = defineOperation<OfRegistration>({
  name: 'cancel',
  choose,
  async call(given, { now }, server, known) {
    await cancelRegistration(
      { registration_code: codesOf(given, known).registration_code, now },
      server,
    )
    return {}
  },
  effects(state, { key }, { now, ambiguous }) {
    const registration = state.registrations[key]
    const done = { next: withoutRegistration(state, key), response: {} }
    // One that is gone after a lost response is taken to be cancelled by this call (decision 0004).
    if (registration === undefined) return ambiguous ? [invalid(state), done] : [invalid(state)]
    return registration.expiresAt <= now ? [invalid(state)] : [done]
  },
})

const decide = (decision: 'approve' | 'reject', outcome: Decided['outcome']) =>
  defineOperation<OfRegistration>({
    name: `${decision} deferred`,
    mayRepeat: () => true,
    choose,
    async call(given, { now }, server, known) {
      const verification_code = codesOf(given, known).code
      const request = { bearer: masterToken, verification_code, now, body: { decision } }
      const view = await decidePendingRegistration(request, server)
      return { decision: view.decision?.outcome }
    },
    effects(state, { key }, { now }) {
      const registration = state.registrations[key]
      if (registration === undefined || registration.expiresAt <= now)
        return [{ next: state, rejected: 'not_found' }]
      const response = { decision: outcome }
      if (registration.decision?.outcome === outcome) return [{ next: state, response }]
      if (registration.decision !== undefined) return [{ next: state, rejected: 'conflict' }]
      const decided = { ...registration, decision: { outcome, at: now } }
      return [{ next: withRegistration(state, key, decided), response }]
    },
  })

export const approveDeferred = decide('approve', 'approved')
export const rejectDeferred = decide('reject', 'rejected')
