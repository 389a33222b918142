import { endpoints } from '../api/endpoints.ts'
import type { Service } from './service.ts'
import { type Shell, shellFor } from './shell.ts'

/** Start-up text: the URLs, the settings, and commands to try. */
export function banner(
  service: Omit<Service, 'broken' | 'close' | 'eventBusEndpoint' | 'runSchedule'>,
  settingsFrom: string,
  startedMs: number,
  platform = process.platform,
): string {
  const { url, settings } = service
  const shell = shellFor(platform)
  return `
Client registration service, ready after ${(startedMs / 1000).toFixed(1)} s

${served(service)}
  DynamoDB               ${service.tableName} at ${service.dynamodbEndpoint}
  settings               ${settingsFrom}, profile ${settings.profile ?? 'none'}, registration ${settings.registration}

The operator's token, for the shell that you try it from:

${tokens(service, shell)}

Issue an initial access token:

  ${shell.curl} -s -X POST ${url}/initial-access-tokens -H "Authorization: Bearer ${shell.variable('MASTER_TOKEN')}"

The operator's page: ${url}/applications
${night(service, shell)}
Ctrl-C ends the service.`
}

/** The command that runs a night, where one is scheduled. */
const night = ({ scheduleEndpoint }: Pick<Service, 'scheduleEndpoint'>, { curl }: Shell) =>
  scheduleEndpoint === undefined
    ? ''
    : `
Let a day pass for the service, and run its night:

  ${curl} -s -X POST "${scheduleEndpoint}?days=1"
`

/** The paths of every endpoint, with their methods. */
function served({ url, settings }: Pick<Service, 'url' | 'settings'>): string {
  return Object.values(endpoints)
    .flatMap(({ description, routes }) =>
      Object.entries(routes(settings))
        .filter(([path]) => path !== '$default')
        .map(([path, methods], index) => [index === 0 ? description : '', methods, path] as const),
    )
    .map(([label, methods, path]) => `  ${label.padEnd(23)}${methods.padEnd(20)}${url}${path}`)
    .join('\n')
}

function tokens(service: Pick<Service, 'masterToken' | 'staticInitialAccessToken'>, shell: Shell) {
  const { masterToken, staticInitialAccessToken: fixed } = service
  const lines = [shell.set('MASTER_TOKEN', masterToken)]
  if (fixed !== undefined) lines.push(shell.set('STATIC_INITIAL_ACCESS_TOKEN', fixed))
  return lines.map((line) => `  ${line}`).join('\n')
}
