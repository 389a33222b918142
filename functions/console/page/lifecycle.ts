import type { AdminView } from '../../../lib/operator/admin-view.ts'
import type { DeletedClientRecord } from '../../../lib/ports/client-lifecycle-store.ts'
import { type Child, day, element, time } from './elements.ts'
import { hasFeature } from './features.ts'
import { untrustedText } from './untrusted-text.ts'

/** Whether authorization servers accept the client, with the kind of its text. */
export function stateOf({ state, decision }: AdminView): readonly [name: string, kind: string] {
  switch (state) {
    case 'pending':
      return ['Awaits approval', 'waits']
    case 'disabled':
      return [decision?.outcome === 'rejected' ? 'Rejected' : 'Disabled', 'off']
    case 'stale':
      return ['Stale', 'waits']
    case 'active':
      return ['Enabled', 'on']
  }
}

/** The state in one cell of the list, with what clean-up does next. */
export function stateCell(client: AdminView): readonly Child[] {
  const { state, stale_at, stale_after, deleted_after, instances } = client
  const [name, kind] = stateOf(client)
  return [
    element('span', { class: kind }, name),
    ...dated(state === 'stale' ? 'since' : 'stale since', stale_at),
    ...dated('deleted after', deleted_after),
    ...dated(`${staleVerb()} after`, stale_after),
    ...(instances === undefined ? [] : [element('small', {}, `shared by about ${instances}`)]),
  ]
}

/** The cell of a client that clean-up deleted. */
export const deletedCell = ({ stale_at, deleted_at }: DeletedClientRecord): readonly Child[] => [
  element('span', { class: 'off' }, 'Deleted'),
  ...dated('on', deleted_at),
  ...dated('stale since', stale_at),
]

const dated = (what: string, seconds: number | undefined): readonly Child[] =>
  seconds === undefined ? [] : [element('small', {}, `${what} `, day(seconds))]

const staleVerb = (): string => (hasFeature('clean_up_acts') ? 'stale' : 'would be stale')

const jobOf = ({ disabled_by_job }: AdminView) =>
  disabled_by_job === undefined ? undefined : [disabled_by_job]

/** What is known of the client's state and use. */
export function lifecycle(client: AdminView) {
  const { last_used_at, stale_after } = client
  return [
    ['Awaits approval since', moment(client.pending_at)],
    ['Decision', decidedBy(client)],
    ['Disabled', moment(client.disabled_at)],
    ['Disabled by the job', jobOf(client)],
    ['Last used', last_used_at === undefined ? ['No use was reported'] : [day(last_used_at)]],
    [
      hasFeature('clean_up_acts') ? 'Becomes stale after' : 'Would be stale after',
      dayOf(stale_after),
    ],
    ['Stale since', moment(client.stale_at)],
    ['Deleted after', dayOf(client.deleted_after)],
    ['Shared', instanceCount(client)],
  ] as const
}

const moment = (seconds: number | undefined) =>
  seconds === undefined ? undefined : [time(seconds)]

const dayOf = (seconds: number | undefined) =>
  seconds === undefined ? undefined : [element('span', {}, day(seconds), ', unless it is used')]

const instanceCount = ({ instances }: AdminView) =>
  instances === undefined ? undefined : [`by about ${instances} instances`]

/** Who decided on a registration that awaited approval, when and why. */
function decidedBy({ decision }: AdminView) {
  if (decision === undefined) return undefined
  const { outcome, decided_at, operator, operator_iss, note } = decision
  return [
    element('span', {}, outcome === 'approved' ? 'Approved' : 'Rejected'),
    ...(operator === undefined ? [] : [element('span', {}, 'by ', untrustedText(operator))]),
    ...(operator_iss === undefined ? [] : [element('small', {}, untrustedText(operator_iss))]),
    time(decided_at),
    ...(note === undefined ? [] : [untrustedText(note)]),
  ]
}
