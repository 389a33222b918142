import type { SettingsInput } from '../../lib/settings/settings.ts'

const day = 86_400

/** A kind of programs: what they do, how often, and under which settings. */
export type Kind = {
  readonly weight: number
  readonly settings: readonly SettingsInput[]
  /** Operations, and seconds for which the clock moves, with which a program begins. */
  readonly begins: readonly (readonly (string | number)[])[]
  /** How often an operation is chosen, beside the others. */
  readonly operations: Readonly<Record<string, number>>
  /** How often the clock moves, beside eight operations, and by how many seconds. */
  readonly waits: { readonly weight: number; readonly seconds: readonly number[] }
}

const seconds = { weight: 1, seconds: [20, 35] }
const days = { weight: 3, seconds: [20, day, 2 * day] }

/** Two days are the least that the settings allow. */
const cleanUp: SettingsInput = {
  cleanUp: {
    mode: 'on',
    registeredBy: ['anonymous'],
    neverUsedAfter: 2 * day,
    unusedAfter: 2 * day,
    undecidedAfter: 3 * day,
    deleteAfter: 2 * day,
  },
}
/** Until the clients are due that were registered or made stale before. */
const untilDue = [2 * day, 'report nothing']

const sharing = 'public'
const approval = 'disabled_until_approved'

export const kinds: readonly Kind[] = [
  {
    weight: 5,
    settings: [{}],
    begins: [['register', 'issue']],
    operations: {
      register: 4,
      read: 6,
      update: 5,
      delete: 2,
      disable: 2,
      enable: 2,
      get: 1,
      reissue: 1,
      'delete by operator': 1,
      issue: 1,
      revoke: 1,
      inspect: 1,
    },
    waits: seconds,
  },
  {
    weight: 2,
    settings: [cleanUp, { ...cleanUp, sharing }, { ...cleanUp, approval }],
    begins: [
      ['register', 'report nothing'],
      ['night', 'register', 'share', ...untilDue],
      ['register', 'register', ...untilDue, 'night', ...untilDue],
      ['share', 'register', ...untilDue, 'night', ...untilDue],
    ],
    operations: {
      register: 3,
      share: 3,
      report: 6,
      'report nothing': 2,
      night: 5,
      read: 5,
      update: 2,
      revive: 2,
      authenticate: 2,
      approve: 2,
      reject: 1,
      disable: 1,
      enable: 1,
      delete: 1,
    },
    waits: days,
  },
  {
    weight: 2,
    settings: [{}, { clientSecret: { overlap: 30 } }],
    begins: [['register']],
    operations: {
      renew: 6,
      'renew by operator': 4,
      authenticate: 8,
      update: 3,
      read: 2,
      disable: 1,
      enable: 1,
      delete: 1,
    },
    waits: seconds,
  },
  {
    weight: 2,
    settings: [{ sharing }, { sharing, approval }],
    begins: [[], ['share']],
    operations: {
      share: 8,
      read: 4,
      update: 1,
      delete: 1,
      disable: 2,
      enable: 2,
      'delete by operator': 2,
      approve: 2,
      reject: 1,
      reissue: 1,
    },
    waits: seconds,
  },
  {
    weight: 2,
    settings: [{ approval }],
    begins: [['register']],
    operations: {
      register: 4,
      approve: 4,
      reject: 3,
      read: 4,
      update: 2,
      delete: 2,
      disable: 1,
      enable: 2,
      authenticate: 1,
      reissue: 1,
      'delete by operator': 1,
    },
    waits: seconds,
  },
  {
    weight: 2,
    settings: [{ approval: 'draft', pendingRegistration: { lifetime: 90, interval: 10 } }],
    begins: [[], ['defer'], ['defer', 'approve deferred']],
    operations: {
      defer: 4,
      poll: 6,
      'approve deferred': 5,
      'reject deferred': 2,
      cancel: 2,
      register: 1,
      approve: 1,
      read: 2,
    },
    waits: seconds,
  },
]
