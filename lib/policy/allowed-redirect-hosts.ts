import type { Policy } from './policy.ts'

/** Only redirect URIs on these hosts; one that begins with a dot stands for all hosts below it. */
export const allowedRedirectHosts =
  ({ hosts }: { readonly hosts: readonly string[] }): Policy =>
  (context, { redirect_uris }) => {
    for (const uri of Array.isArray(redirect_uris) ? redirect_uris : []) {
      const host = typeof uri === 'string' ? webHost(uri) : undefined
      const allowed = hosts.some(
        (name) => host === name || (name.startsWith('.') && host?.endsWith(name)),
      )
      if (!allowed)
        context.refuse(
          `redirect_uris: expected hosts among ${hosts.join(', ')}`,
          'invalid_redirect_uri',
        )
    }
  }

/** A private-use scheme can have a host too, but whoever is that host does not own the scheme. */
const webHost = (uri: string): string | undefined =>
  /^https?:/i.test(uri) ? URL.parse(uri)?.hostname : undefined
