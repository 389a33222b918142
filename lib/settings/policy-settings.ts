import * as v from 'valibot'
import { group, integer, names, scopeToken } from './values.ts'

const members = v.record(v.string(), v.unknown(), 'expected an object of client metadata')

/** What the shipped policies are configured with; a policy exists only where its settings do. */
export const policySettings = group({
  'allowed-redirect-hosts': v.optional(group({ hosts: names })),
  'allowed-scopes': v.optional(group({ scopes: v.array(scopeToken) })),
  'forced-members': v.optional(group({ members })),
  'default-members': v.optional(group({ members })),
  'client-name-from-owner': v.optional(
    group({ format: v.pipe(v.string(), v.includes('{owner}', 'expected {owner} in it')) }),
  ),
  'maximum-clients-per-owner': v.optional(group({ most: integer(1, 1_000_000) })),
})
