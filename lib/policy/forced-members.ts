import type { Policy } from './policy.ts'

/** Overrides members with these values, including language-tagged forms (RFC 7591 §2.2). */
export const forcedMembers =
  ({ members }: { readonly members: Readonly<Record<string, unknown>> }): Policy =>
  (_context, metadata) => {
    for (const name of Object.keys(metadata)) {
      const [base = ''] = name.split('#')
      if (Object.hasOwn(members, base)) delete metadata[name]
    }
    Object.assign(metadata, structuredClone(members))
  }
