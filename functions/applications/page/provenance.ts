import type { AdministeredClient } from '../../../lib/administration/administered-client.ts'
import { element, time, viewLink } from './elements.ts'
import { foreign } from './foreign.ts'

/** Who registered a client, by what right, and what has become of it since. */
export function provenance(client: AdministeredClient) {
  const { owner, initial_access_token, policies, lock } = client
  return [
    ['Registered', [time(client.client_id_issued_at)]],
    ['Owner', owner === undefined ? ['none'] : [others('owner', owner)]],
    [
      'Initial access token',
      initial_access_token === undefined
        ? ['none that is stored: anonymous, or by the static token, a JWT or the master token']
        : [others('initial_access_token', initial_access_token)],
    ],
    ['Policies', policies?.length ? policies.map((name) => element('span', {}, name)) : ['none']],
    ['Locked to grant types', lines(lock?.grants)],
    ['Locked to scopes', lines(lock?.scopes)],
    ['Counts for its owner', client.counted && ['yes']],
    ['Disabled', moment(client.disabled_at)],
    ['Writes by the client', [String(client.version)]],
    ['Token last rotated', moment(client.rotated_at)],
    ['Token expires', moment(client.registration_access_token_expires_at) ?? ['never']],
    ['Secret expires', expiry(client.client_secret_expires_at)],
  ] as const
}

/** The value, leading to every client that has it too. */
const others = (name: string, value: string) =>
  viewLink('clients', { [name]: value }, foreign(value))

const lines = (values: readonly string[] | undefined) => values?.map((value) => foreign(value))

const moment = (seconds: number | undefined) =>
  seconds === undefined ? undefined : [time(seconds)]

/** RFC 7591 §3.2.1: 0 never expires; a client without a secret has no such member. */
const expiry = (seconds: number | undefined) => (seconds === 0 ? ['never'] : moment(seconds))
