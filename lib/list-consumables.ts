import type { AuthorizedRegistration } from './authorization/authorize-registration.ts'
import type { RegistrationBody } from './jwt/signed-request.ts'
import type { ClientMetadata } from './metadata/client-metadata.ts'
import type { PermittedMetadata } from './permission/permit.ts'
import { limitedHosts } from './policy/limited-hosts.ts'
import type { PolicyResult } from './policy/policy.ts'
import type { Consumable } from './ports/consumable.ts'

/** Everything that this registration consumes or counts toward a quota. */
export function listConsumables(
  { consumable }: AuthorizedRegistration,
  { metadata, policyResult }: PermittedMetadata,
  replay: RegistrationBody['replay'],
  now: number,
): readonly Consumable[] {
  const signed = replay && ({ kind: 'signed_request', ...replay } as const)
  return [
    consumable,
    signed,
    policyResult.quota,
    ...listQuotas(metadata, policyResult, now - (now % 3600)),
  ].filter((consumable) => consumable !== undefined)
}

/** The quotas of policies that this registration counts toward; `hour` is its start. */
function listQuotas(
  { redirect_uris, software_id }: ClientMetadata,
  { perHour, perHost, perSoftware }: PolicyResult,
  hour: number,
): readonly Consumable[] {
  const hosts = perHost === undefined ? [] : limitedHosts(redirect_uris)
  return [
    ...(perHour === undefined ? [] : [{ kind: 'anonymous_client', hour, max: perHour } as const]),
    ...hosts.map((host) => ({ kind: 'redirect_host', hour, host, max: Number(perHost) }) as const),
    ...(perSoftware === undefined || software_id === undefined
      ? []
      : [{ kind: 'software_client', software_id, max: perSoftware } as const]),
  ]
}
