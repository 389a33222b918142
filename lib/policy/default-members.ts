import type { Policy } from './policy.ts'

/** These members have these values where nothing, or null, was sent. */
export const defaultMembers =
  ({ members }: { readonly members: Readonly<Record<string, unknown>> }): Policy =>
  (_context, metadata) => {
    for (const [name, value] of Object.entries(members)) metadata[name] ??= structuredClone(value)
  }
