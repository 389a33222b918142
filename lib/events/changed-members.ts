import { isDeepStrictEqual } from 'node:util'
import type { RegisteredClient } from '../client.ts'

/** Published members in addition to metadata; excludes tokens and the members that a rotation writes. */
const publishedMembers = {
  client_secret: ({ secret_digest }) => secret_digest,
  client_secret_expires_at: ({ client_secret_expires_at }) => client_secret_expires_at,
  previous_client_secret_expires_at: ({ previous_secret_expires_at }) => previous_secret_expires_at,
  policies: ({ policies }) => policies,
  label: ({ label }) => label,
  note: ({ note }) => note,
  disabled_at: ({ disabled_at }) => disabled_at,
  stale_at: ({ stale_at }) => stale_at,
  pending_at: ({ pending_at }) => pending_at,
  decision: ({ decision }) => decision,
} as const satisfies Record<string, (client: RegisteredClient) => unknown>

/** Names of the members that differ, sorted; never a value. */
export function changedMembers(before: RegisteredClient, after: RegisteredClient): string[] {
  const was: Readonly<Record<string, unknown>> = before.metadata
  const is: Readonly<Record<string, unknown>> = after.metadata
  const names = new Set(Object.keys({ ...was, ...is }))
  const metadata = [...names].filter((name) => !isDeepStrictEqual(was[name], is[name]))
  const others = Object.entries(publishedMembers)
    .filter(([, read]) => !isDeepStrictEqual(read(before), read(after)))
    .map(([name]) => name)
  return [...new Set([...metadata, ...others])].sort()
}

/** Names of all members that are set, and always `disabled_at`, sorted; never a value. */
export function presentMembers(client: RegisteredClient): string[] {
  const others = Object.entries(publishedMembers)
    .filter(([, read]) => read(client) !== undefined)
    .map(([name]) => name)
  return [...new Set([...Object.keys(client.metadata), ...others, 'disabled_at'])].sort()
}
