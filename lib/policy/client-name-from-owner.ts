import type { Policy } from './policy.ts'

/** Defaults `client_name` to `format`, in which `{owner}` is replaced by the owner. */
export const clientNameFromOwner =
  ({ format }: { readonly format: string }): Policy =>
  ({ owner }, metadata) => {
    if (owner !== undefined) metadata.client_name ??= format.replaceAll('{owner}', () => owner)
  }
