import { isLoopback } from '../metadata/rules/loopback.ts'

/**
 * The hosts by which registrations are limited. All loopback hosts are one, and all private-use
 * schemes; no host has such a name.
 */
export const limitedHosts = (redirectUris: readonly string[] = []): readonly string[] => [
  ...new Set(redirectUris.map(hostOf)),
]

function hostOf(uri: string): string {
  const url = new URL(uri)
  if (!/^https?:$/.test(url.protocol)) return '(private-use scheme)'
  return isLoopback(url) ? '(loopback)' : url.hostname
}
