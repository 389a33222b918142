import type { Policy } from '../../lib/policy/policy.ts'

/**
 * Your own policies, by the names that settings and initial access tokens call them by. Write each in a file of its own
 * in functions/extensions/policies, import it here, and it is bundled with the Lambdas. See README.md beside this file.
 */
export const policies: Readonly<Record<string, Policy>> = {}
