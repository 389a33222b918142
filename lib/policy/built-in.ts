import type { Settings } from '../settings/schema.ts'
import { allowedRedirectHosts } from './allowed-redirect-hosts.ts'
import { allowedScopes } from './allowed-scopes.ts'
import { clientNameFromOwner } from './client-name-from-owner.ts'
import { defaultMembers } from './default-members.ts'
import { forcedMembers } from './forced-members.ts'
import { maximumAnonymousClients } from './maximum-anonymous-clients.ts'
import { maximumClientsPerOwner } from './maximum-clients-per-owner.ts'
import type { Policies, Policy } from './policy.ts'
import { publicClientsOnly } from './public-clients-only.ts'
import { sameHostPages } from './same-host-pages.ts'

/** Merges the configured built-in policies and the extensions; throws on a duplicate name. */
export function composePolicies(
  settings: Settings,
  extensions: Readonly<Record<string, Policy>>,
): Policies {
  const policies = builtIn(settings)
  for (const [name, policy] of Object.entries(extensions)) {
    if (policies.has(name))
      throw new Error(`policy ${name} of functions/extensions has the name of a shipped one`)
    policies.set(name, policy)
  }
  return policies
}

/** Names of the configured built-in policies. */
export const builtInNames = (settings: Settings): readonly string[] => [...builtIn(settings).keys()]

function builtIn({ policySettings }: Settings): Map<string, Policy> {
  const policies = new Map<string, Policy>([
    ['public-clients-only', publicClientsOnly()],
    ['same-host-pages', sameHostPages()],
  ])
  const add = <Own>(name: string, own: Own | undefined, make: (own: Own) => Policy) =>
    own === undefined || policies.set(name, make(own))
  add('allowed-redirect-hosts', policySettings['allowed-redirect-hosts'], allowedRedirectHosts)
  add('allowed-scopes', policySettings['allowed-scopes'], allowedScopes)
  add('forced-members', policySettings['forced-members'], forcedMembers)
  add('default-members', policySettings['default-members'], defaultMembers)
  add('client-name-from-owner', policySettings['client-name-from-owner'], clientNameFromOwner)
  add(
    'maximum-anonymous-clients',
    policySettings['maximum-anonymous-clients'],
    maximumAnonymousClients,
  )
  add(
    'maximum-clients-per-owner',
    policySettings['maximum-clients-per-owner'],
    maximumClientsPerOwner,
  )
  return policies
}
