import type { Policy } from './policy.ts'

/** An owner has this many clients at most; who has no owner may not register. */
export const maximumClientsPerOwner =
  ({ max }: { readonly max: number }): Policy =>
  (context) => {
    if (context.operation === 'register') context.limitClientsOfOwner(max)
  }
