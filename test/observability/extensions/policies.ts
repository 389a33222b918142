import type { Policy } from '../../../lib/policy/policy.ts'

/** Policies that end a request in every way. */
export const policies: Readonly<Record<string, Policy>> = {
  pass: () => {},
  reject: (context) => context.reject('not here', 'unapproved_software_statement'),
  full: (context) => context.reject('too many for now', 'too_many_requests'),
  'used-up': (context) => context.reject('the quota is exhausted', 'quota_exhausted'),
  repeat: (context, { client_name }) => context.reject(`not ${client_name}`),
  'break-down': () => {
    throw new Error('a mistake', { cause: new SyntaxError('Unexpected token in "what was read"') })
  },
  'break-down-over': (_context, { client_name }) => {
    throw Object.assign(new Error(`a mistake over ${client_name}`), { client_name })
  },
  'never-end': () => new Promise(() => {}),
}
