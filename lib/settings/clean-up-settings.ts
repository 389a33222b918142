import * as v from 'valibot'
import type { RegistrationMethod } from '../registration-source.ts'
import { setting } from './setting.ts'
import { group, integer } from './values.ts'

const day = 86_400
const maxSeconds = 3650 * day

/**
 * At least two days: only the first use of a UTC day is recorded, so a client may have been used up
 * to a day after its recorded use.
 */
const period = integer(2 * day, maxSeconds)

const registrationMethods = [
  'anonymous',
  'initial_access_token',
  'static_initial_access_token',
  'access_token',
  'operator',
] as const satisfies readonly RegistrationMethod[]

/** The clean-up of clients that nobody uses. */
export const cleanUpSettings = group({
  mode: setting(
    'what the nightly clean-up does: nothing, only count the clients that it would make stale, or make them stale and delete them later; `on` needs reports of use',
    v.picklist(['off', 'observe', 'on']),
    'off',
  ),
  registeredBy: setting(
    'the kinds of registration that are cleaned up',
    v.pipe(
      v.array(v.picklist(registrationMethods)),
      v.minLength(1, 'expected at least one kind of registration'),
    ),
    ['anonymous'],
  ),
  neverUsedAfter: setting(
    'seconds after its registration until a client that was never used becomes stale',
    period,
    30 * day,
  ),
  unusedAfter: setting('seconds after its last use until a client becomes stale', period, 90 * day),
  undecidedAfter: setting(
    'seconds after its registration until a client is deleted that awaits approval, and on which nobody decides',
    period,
    30 * day,
  ),
  deleteAfter: setting(
    'seconds until a stale client is deleted; until then, one use revives it',
    period,
    90 * day,
  ),
  keepTombstone: setting(
    'seconds for which the operator still finds the identifier, owner and times of a deleted client',
    integer(day, maxSeconds),
    365 * day,
  ),
})
