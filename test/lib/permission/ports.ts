import { trust } from '../../../lib/jwt/trust.ts'
import type { PermitPorts } from '../../../lib/permission/permit.ts'
import { composePolicies } from '../../../lib/policy/compose-policies.ts'
import type { Policy } from '../../../lib/policy/policy.ts'
import type { FetchJson } from '../../../lib/ports/fetch-json.ts'
import { parseSettings, type SettingsInput } from '../../../lib/settings/settings.ts'

export const noNetwork: FetchJson = () => Promise.reject(new Error('tests have no network'))

/** All that decides what may be registered, with these settings and policies. */
export function permitPorts(
  input: SettingsInput = {},
  policies: Readonly<Record<string, Policy>> = {},
): PermitPorts & { readonly annotated: unknown[] } {
  const settings = parseSettings(input)
  const annotated: unknown[] = []
  return {
    settings,
    issuer: 'https://as.example',
    registrationEndpoint: 'https://as.example/register',
    trust: trust(settings, noNetwork),
    policies: composePolicies(settings, policies),
    fetchJson: noNetwork,
    annotate: (fields) => annotated.push(fields),
    warn: () => {},
    annotated,
  }
}
