import type { Settings } from '../settings/schema.ts'
import { builtInPolicies } from './built-in-policies.ts'
import type { LimitingPolicy, Policies, Policy } from './policy.ts'

/** Merges the configured built-in policies and the extensions; throws on a duplicate name. */
export function composePolicies(
  { policySettings }: Settings,
  extensions: Readonly<Record<string, Policy | LimitingPolicy>>,
): Policies {
  const policies = new Map<string, Policy | LimitingPolicy>()
  for (const { name, create } of builtInPolicies) {
    const policy = create(policySettings)
    if (policy !== undefined) policies.set(name, policy)
  }
  for (const [name, policy] of Object.entries(extensions)) {
    if (policies.has(name))
      throw new Error(`policy ${name} of functions/extensions has the name of a built-in one`)
    policies.set(name, policy)
  }
  return policies
}
