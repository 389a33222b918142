import type { LimitingPolicy, Policy } from '../../lib/policy/policy.ts'

/**
 * Your custom policies. The keys are the names that settings and initial access tokens refer to.
 * Write each policy in its own file in functions/extensions/policies and import it here. It is then
 * bundled with the Lambdas. See README.md in this folder.
 */
export const policies: Readonly<Record<string, Policy | LimitingPolicy>> = {}
