import type { Policy } from './policy.ts'

/** An owner has this many clients at most; who has no owner may not register. */
export const maximumClientsPerOwner =
  ({ most }: { readonly most: number }): Policy =>
  (context) => {
    if (context.operation !== 'register') return
    if (context.owner === undefined)
      context.refuse('the token names no owner (sub), and clients are counted by owner')
    context.limitClientsOfOwner(most)
  }
