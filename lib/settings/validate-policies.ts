import { supportedValues } from '../metadata/supported-values.ts'
import { builtInPolicies } from '../policy/built-in-policies.ts'
import type { Settings } from './schema.ts'

/**
 * Finds built-in policies that are named but not configured, or that would reject every request, or
 * every anonymous one. Returns one line for each problem. Any other name refers to a policy in
 * functions/extensions.
 */
export function checkPolicies(settings: Settings): readonly string[] {
  const { policies, policySettings, metadata, registration } = settings
  const stage = {
    ...metadata,
    registration,
    scopes: supportedValues('scopes_supported', settings),
  }
  return builtInPolicies
    .filter(({ name }) => policies.includes(name))
    .flatMap(({ problems }) => problems(policySettings, stage))
}
