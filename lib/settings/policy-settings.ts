import * as v from 'valibot'
import { jsonProblem } from '../json.ts'
import { host } from './metadata-settings.ts'
import { group, integer, isObject, scopeToken } from './values.ts'

const members = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(isObject, 'expected an object of client metadata'),
  v.check(
    (value) => jsonProblem(value, 'it') === undefined,
    'expected JSON that a request could have: at most 32 levels, no member named constructor',
  ),
)

/** An empty allowlist would reject every request. */
const nonEmptyList = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.minLength(1, 'expected at least one item'))

/** The configuration of the built-in policies. A policy exists only if it is configured. */
export const policySettings = group({
  'allowed-redirect-hosts': v.optional(group({ hosts: nonEmptyList(host) })),
  'allowed-scopes': v.optional(group({ scopes: nonEmptyList(scopeToken) })),
  'forced-members': v.optional(group({ members })),
  'default-members': v.optional(group({ members })),
  'client-name-from-owner': v.optional(
    group({ format: v.pipe(v.string(), v.includes('{owner}', 'expected {owner} in it')) }),
  ),
  'maximum-anonymous-clients': v.optional(group({ perHour: integer(1, 1_000_000) })),
  'maximum-clients-per-owner': v.optional(group({ max: integer(1, 1_000_000) })),
})
