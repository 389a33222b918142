import type { ServerConfig } from '../server.ts'

/** RFC 7519 §4.1.3: the `aud` values that this service accepts. */
export const acceptedAudiences = (
  { issuer, registrationEndpoint }: Pick<ServerConfig, 'issuer' | 'registrationEndpoint'>,
  { audience }: { readonly audience: readonly string[] },
): string[] => [issuer, registrationEndpoint, ...audience]
