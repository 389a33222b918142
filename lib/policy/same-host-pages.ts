import { isLoopback } from '../metadata/rules/loopback.ts'
import { simplePolicy } from './define-policy.ts'

const pages = [
  'client_uri',
  'logo_uri',
  'tos_uri',
  'policy_uri',
  'information_uri',
  'organization_uri',
]

/**
 * Requires a client's pages and logo, in every language, to have the "same host and scheme" (RFC
 * 7591 §5) as one of its redirect URIs, to prevent impersonation. A client with loopback redirect
 * URIs only proves no host: its pages and logo are dropped.
 */
export const sameHostPages = simplePolicy({
  name: 'same-host-pages',
  policy(context, metadata) {
    const redirects = texts(metadata.redirect_uris).flatMap((uri) => web(uri) ?? [])
    const places = redirects.map(placeOf)
    const provesHost = redirects.some((url) => !isLoopback(url))
    for (const [member, value] of Object.entries(metadata)) {
      const [base = ''] = member.split('#')
      const url = pages.includes(base) && typeof value === 'string' ? web(value) : undefined
      if (url === undefined || places.includes(placeOf(url))) continue
      if (!provesHost) delete metadata[member]
      else context.reject(`${base}: expected the scheme and host of a redirect URI`)
    }
  },
})

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

const web = (uri: string): URL | undefined =>
  /^https?:/i.test(uri) ? (URL.parse(uri) ?? undefined) : undefined

/** RFC 7591 §5 compares scheme and host; another port has the same owner. */
const placeOf = ({ protocol, hostname }: URL): string => `${protocol}//${hostname}`
