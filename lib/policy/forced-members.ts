import type { Policy } from './policy.ts'

/** These members have these values, whatever was sent, and in whatever language (RFC 7591 §2.2). */
export const forcedMembers =
  ({ members }: { readonly members: Readonly<Record<string, unknown>> }): Policy =>
  (_context, metadata) => {
    for (const name of Object.keys(metadata)) {
      const [base = ''] = name.split('#')
      if (Object.hasOwn(members, base)) delete metadata[name]
    }
    Object.assign(metadata, structuredClone(members))
  }
