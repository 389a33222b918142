import { described } from '../settings/setting.ts'
import { group, host, nonEmptyList } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Allows redirect URIs on these hosts only; a leading dot matches all subdomains. */
export const allowedRedirectHosts = configurablePolicy({
  name: 'allowed-redirect-hosts',
  settings: described(
    'allow redirect URIs on these hosts only',
    group({ hosts: described('allowed hosts', nonEmptyList(host)) }),
  ),
  policy:
    ({ hosts }) =>
    (context, { redirect_uris }) => {
      for (const uri of Array.isArray(redirect_uris) ? redirect_uris : []) {
        const host = typeof uri === 'string' ? webHost(uri) : undefined
        const allowed = hosts.some(
          (name) => host === name || (name.startsWith('.') && host?.endsWith(name)),
        )
        if (!allowed)
          context.reject(
            `redirect_uris: expected hosts among ${hosts.join(', ')}`,
            'invalid_redirect_uri',
          )
      }
    },
})

/** A private-use scheme URI can have a host too, but the host does not prove ownership of it. */
const webHost = (uri: string): string | undefined =>
  /^https?:/i.test(uri) ? URL.parse(uri)?.hostname : undefined
