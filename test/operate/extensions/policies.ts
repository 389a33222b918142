import type { Policy } from '../../../lib/policy/policy.ts'

/** Policies that end a request in every way. */
export const policies: Readonly<Record<string, Policy>> = {
  pass: () => {},
  refuse: (context) => context.refuse('not here', 'unapproved_software_statement'),
  'break-down': () => {
    throw new Error('a mistake', { cause: new SyntaxError('Unexpected token in "what was read"') })
  },
  'never-end': () => new Promise(() => {}),
}
