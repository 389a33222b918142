import type { AdminView } from '../../../lib/operator/admin-view.ts'
import { element, time, viewLink } from './elements.ts'
import { onPress } from './feedback.ts'
import { isRevoked, revokeToken } from './revocation.ts'
import { truncatedName, untrustedText } from './untrusted-text.ts'

/** Who registered a client, the registration method, and the times of its credentials. */
export function registrationSource(client: AdminView) {
  const { initial_access_token, policies, lock } = client
  return [
    ['Registered', [time(client.client_id_issued_at)]],
    ['Registered by', registrationMethod(client)],
    ['Initial access token', registeredBy(initial_access_token, client.owner)],
    ['Owner', ownedBy(client)],
    ['Policies', policies?.length ? policies.map((name) => element('span', {}, name)) : ['none']],
    ['Locked to grant types', lines(lock?.grants)],
    ['Locked to scopes', lines(lock?.scopes)],
    ['Counts toward owner quota', client.counted && ['yes']],
    ['Version of its metadata', [String(client.version)]],
    ['Token last rotated', moment(client.rotated_at)],
    ['Token expires', tokenExpiry(client)],
    ['Secret expires', expiry(client.client_secret_expires_at)],
    ['Previous secret expires', moment(client.previous_client_secret_expires_at)],
  ] as const
}

/** Each instance of a shared client has a token of its own, which is not stored. */
function tokenExpiry({ instances, registration_access_token_expires_at }: AdminView) {
  if (instances !== undefined) return ['each instance has its own']
  return moment(registration_access_token_expires_at) ?? ['never']
}

/** The owner with its issuer, because a `sub` is unique only within its issuer. */
export function ownerCell({ owner, iss }: Pick<AdminView, 'owner' | 'iss'>) {
  if (owner === undefined) return ['–']
  return iss === undefined
    ? [truncatedName(owner)]
    : [truncatedName(owner), element('small', {}, truncatedName(iss))]
}

const registrationMethods = {
  anonymous: 'Anybody, without a token',
  operator: 'An operator, with the master token',
  static_initial_access_token: 'Holder of the static initial access token',
  initial_access_token: 'Holder of the initial access token',
  access_token: 'Holder of an access token (JWT)',
} as const

/** Clients that were registered before the method was stored have no `registration_method`. */
export function registrationMethod({
  registration_method,
  iss,
}: Pick<AdminView, 'registration_method' | 'iss'>) {
  if (registration_method === undefined)
    return ['Not known: it was registered before that was kept, but not with a stored token']
  return iss === undefined
    ? [registrationMethods[registration_method]]
    : [`${registrationMethods[registration_method]} of`, untrustedText(iss)]
}

/** The owner, with a link to all of its clients, and the issuer within which its name is unique. */
function ownedBy({ owner, iss }: AdminView) {
  if (owner === undefined) return ['none']
  const link = viewLink(
    'clients',
    { owner, ...(iss !== undefined && { iss }) },
    untrustedText(owner),
  )
  return iss === undefined ? [link] : [link, element('small', {}, 'named by ', untrustedText(iss))]
}

/** The token, with a link to all clients that it registered and a button to revoke it. */
function registeredBy(id: string | undefined, owner: string | undefined) {
  if (id === undefined) return undefined
  const link = viewLink('clients', { initial_access_token: id }, untrustedText(id))
  if (isRevoked(id)) return [link, revokedBadge()]
  const revoke = element('button', { type: 'button', class: 'danger' }, 'Revoke this token')
  onPress(revoke, async () => {
    const said = await revokeToken(id, owner)
    if (said === undefined) return undefined
    revoke.replaceWith(revokedBadge())
    // The button that had the focus has been removed.
    link.focus()
    return said
  })
  return [link, revoke]
}

const revokedBadge = () => element('span', { class: 'off' }, 'Revoked or expired')

const lines = (values: readonly string[] | undefined) =>
  values?.map((value) => untrustedText(value))

const moment = (seconds: number | undefined) =>
  seconds === undefined ? undefined : [time(seconds)]

/** 0 means never (RFC 7591 §3.2.1). A client without a secret does not have the member. */
const expiry = (seconds: number | undefined) => (seconds === 0 ? ['never'] : moment(seconds))
