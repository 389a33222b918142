import type { Policy } from './policy.ts'

/** Limits the number of clients per owner; rejects registrations without an owner. */
export const maximumClientsPerOwner =
  ({ max }: { readonly max: number }): Policy =>
  (context) => {
    if (context.operation === 'register') context.limitClientsOfOwner(max)
  }
