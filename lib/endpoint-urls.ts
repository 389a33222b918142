import type { ServerConfig } from './server.ts'

/** URL of the API, under which the paths of all endpoints are; without a trailing slash. */
export const baseUrl = ({
  registrationEndpoint,
  settings,
}: Pick<ServerConfig, 'registrationEndpoint' | 'settings'>): string =>
  registrationEndpoint.slice(0, -settings.registrationPath.length)

/** RFC 7592 §3 `registration_client_uri`: URL of the client's configuration endpoint. */
export const clientConfigurationUri = (
  client_id: string,
  { registrationEndpoint }: Pick<ServerConfig, 'registrationEndpoint'>,
): string => `${registrationEndpoint}/${encodeURIComponent(client_id)}`
