import type { Policy } from './policy.ts'

/** These members have these values, whatever was sent. */
export const forcedMembers =
  ({ members }: { readonly members: Readonly<Record<string, unknown>> }): Policy =>
  (_context, metadata) => {
    Object.assign(metadata, structuredClone(members))
  }
