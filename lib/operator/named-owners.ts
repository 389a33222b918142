import type { Owner } from '../owner.ts'
import type { Settings } from '../settings/schema.ts'

/**
 * An owner is identified by `sub` and issuer. Without `iss`, these are the owners of this `sub` at
 * every configured issuer, and the one that an operator named; with an empty `iss` only the latter.
 */
export function namedOwners(
  owner: string,
  iss: string | undefined,
  { accessTokenIssuers }: Settings,
): readonly Owner[] {
  const named = { owner }
  if (iss === '') return [named]
  const issuers = accessTokenIssuers.map(({ issuer }) => issuer)
  const owners = (iss === undefined ? issuers : [iss]).map((issuer) => ({ ...named, iss: issuer }))
  return iss === undefined ? [named, ...owners] : owners
}
