import type { Service } from './service.ts'
import { type Shell, shellFor } from './shell.ts'

/** Start-up text: the URLs, the settings, and commands to try. */
export function banner(
  service: Omit<Service, 'broken' | 'close'>,
  settingsFrom: string,
  startedMs: number,
  platform = process.platform,
): string {
  const { url, registrationEndpoint, settings } = service
  const shell = shellFor(platform)
  return `
Client registration service, ready after ${(startedMs / 1000).toFixed(1)} s

  client registration    POST                  ${registrationEndpoint}
  client configuration   GET, PUT, DELETE      ${registrationEndpoint}/{client_id}
  initial access tokens  POST, GET             ${url}/initial-access-tokens
                         DELETE                ${url}/initial-access-tokens/{id}
  clients                GET                   ${url}/clients
                         GET, PATCH, DELETE    ${url}/clients/{client_id}
  applications           a page for operators  ${url}/applications
  discovery              GET                   ${url}/.well-known/openid-configuration
                         GET                   ${url}/.well-known/oauth-authorization-server
  DynamoDB               ${service.tableName} at ${service.dynamodbEndpoint}
  settings               ${settingsFrom}, profile ${settings.profile ?? 'none'}, registration ${settings.registration}

The operator's token, for the shell that you try it from:

${tokens(service, shell)}

Issue an initial access token:

  ${shell.curl} -s -X POST ${url}/initial-access-tokens -H "Authorization: Bearer ${shell.variable('MASTER_TOKEN')}"

Ctrl-C ends the service.`
}

function tokens(service: Pick<Service, 'masterToken' | 'staticInitialAccessToken'>, shell: Shell) {
  const { masterToken, staticInitialAccessToken: fixed } = service
  const lines = [shell.set('MASTER_TOKEN', masterToken)]
  if (fixed !== undefined) lines.push(shell.set('STATIC_INITIAL_ACCESS_TOKEN', fixed))
  return lines.map((line) => `  ${line}`).join('\n')
}
