import type { Policy } from './policy.ts'

/** Sets default values for members that are missing or null. */
export const defaultMembers =
  ({ members }: { readonly members: Readonly<Record<string, unknown>> }): Policy =>
  (_context, metadata) => {
    for (const [name, value] of Object.entries(members)) metadata[name] ??= structuredClone(value)
  }
