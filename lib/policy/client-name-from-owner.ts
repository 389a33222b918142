import type { Policy } from './policy.ts'

/** A client that names itself nothing is named after its owner; `{owner}` in the format stands for the owner. */
export const clientNameFromOwner =
  ({ format }: { readonly format: string }): Policy =>
  ({ owner }, metadata) => {
    if (owner !== undefined) metadata.client_name ??= format.replaceAll('{owner}', () => owner)
  }
