import type { Policy } from './policy.ts'

/** Limits registrations without a token per hour; those with a token are not counted. */
export const maximumAnonymousClients =
  ({ perHour }: { readonly perHour: number }): Policy =>
  (context) =>
    context.limitAnonymousClients(perHour)
