import * as v from 'valibot'
import { jsonProblem } from '../json.ts'
import { host } from './metadata-settings.ts'
import { optionalSetting } from './setting.ts'
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

const described = <const Schema extends v.GenericSchema>(description: string, schema: Schema) =>
  v.pipe(schema, v.description(description))

/** The configuration of the built-in policies. A policy exists only if it is configured. */
export const policySettings = group({
  'allowed-redirect-hosts': optionalSetting(
    'allow redirect URIs on these hosts only',
    group({ hosts: described('allowed hosts', nonEmptyList(host)) }),
  ),
  'allowed-scopes': optionalSetting(
    'allow these scopes only',
    group({ scopes: described('allowed scopes', nonEmptyList(scopeToken)) }),
  ),
  'forced-members': optionalSetting(
    'override client metadata',
    group({ members: described('members and their values', members) }),
  ),
  'default-members': optionalSetting(
    'default values of client metadata',
    group({ members: described('members and their values', members) }),
  ),
  'client-name-from-owner': optionalSetting(
    'default `client_name`, derived from the owner',
    group({
      format: described(
        'the name; `{owner}` is replaced by the owner',
        v.pipe(v.string(), v.includes('{owner}', 'expected text that contains {owner}')),
      ),
    }),
  ),
  'maximum-anonymous-clients': optionalSetting(
    'limit registrations without a token',
    group({ perHour: described('maximum registrations per hour', integer(1, 1_000_000)) }),
  ),
  'maximum-clients-per-owner': optionalSetting(
    'limit the clients of each owner',
    group({ max: described('maximum clients per owner', integer(1, 1_000_000)) }),
  ),
})
