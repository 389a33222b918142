import { setTimeout } from 'node:timers/promises'
import type { Policy } from '../../../lib/policy/policy.ts'

/** Signs the name, so that the order in which policies ran can be read from it; the slower ones come first. */
const signing =
  (signature: string, milliseconds: number): Policy =>
  async (_context, metadata) => {
    await setTimeout(milliseconds)
    metadata.client_name = `${metadata.client_name ?? ''}${signature}`
  }

/** Policies as a team would write its own. */
export const policies: Readonly<Record<string, Policy>> = {
  'sign-a': signing('a', 60),
  'sign-b': signing('b', 20),
  'sign-c': (_context, metadata) => {
    metadata.client_name = `${metadata.client_name ?? ''}c`
  },
  'default-contact': (_context, metadata) => {
    metadata.contacts ??= ['team@client.example']
  },
  'forced-software': async (_context, metadata) => {
    metadata.software_id = 'forced'
  },
  'no-logo': (context, metadata) => {
    if ('logo_uri' in metadata) context.reject('logo_uri: this team shows no logos')
  },
  'callback-given': (_context, metadata) => {
    metadata.redirect_uris = ['https://given.example/callback']
  },
  'names-frozen-later': (context) => context.replacePolicies(['frozen']),
  frozen: (context, metadata) => {
    if (context.operation === 'update' && metadata.client_name !== undefined)
      context.reject('client_name: it is frozen')
  },
  'token-for-confidential-clients': (context, metadata) =>
    context.issueRegistrationAccessToken(metadata.token_endpoint_auth_method !== 'none'),
  'broken-by-mistake': () => {
    throw new Error('a mistake in the policy')
  },
  'never-done': () => new Promise(() => {}),
}
