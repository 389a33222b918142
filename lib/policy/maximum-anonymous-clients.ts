import type { Policy } from './policy.ts'

/** So many clients in each hour may be registered without a token; who has one is not counted. */
export const maximumAnonymousClients =
  ({ perHour }: { readonly perHour: number }): Policy =>
  (context) =>
    context.limitAnonymousClients(perHour)
