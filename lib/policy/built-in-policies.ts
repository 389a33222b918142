import { allowedRedirectHosts } from './allowed-redirect-hosts.ts'
import { allowedScopes } from './allowed-scopes.ts'
import { clientNameFromOwner } from './client-name-from-owner.ts'
import { defaultMembers } from './default-members.ts'
import { forcedMembers } from './forced-members.ts'
import { maximumAnonymousClients } from './maximum-anonymous-clients.ts'
import { maximumClientsPerOwner } from './maximum-clients-per-owner.ts'
import { maximumClientsPerSoftware } from './maximum-clients-per-software.ts'
import { publicClientsOnly } from './public-clients-only.ts'
import { sameHostPages } from './same-host-pages.ts'

/** Every built-in policy, in the order of the settings page. */
export const builtInPolicies = [
  publicClientsOnly,
  sameHostPages,
  allowedRedirectHosts,
  allowedScopes,
  forcedMembers,
  defaultMembers,
  clientNameFromOwner,
  maximumAnonymousClients,
  maximumClientsPerOwner,
  maximumClientsPerSoftware,
] as const
