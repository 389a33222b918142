import type { ServerConfig } from '../server.ts'

/** RFC 7519 §4.1.3: what a JWT that is meant for this service may name as `aud`. */
export const acceptedAudiences = (
  { issuer, registrationEndpoint }: ServerConfig,
  { audience }: { readonly audience: readonly string[] },
): string[] => [issuer, registrationEndpoint, ...audience]
