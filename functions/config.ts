import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isLoopback } from '../lib/metadata/rules/loopback.ts'
import type { ServerConfig } from '../lib/server.ts'
import { parseSettings, type Settings } from '../lib/settings/settings.ts'
import { type Environment, required, settingsFile } from './environment.ts'

/** Who this server is, of the settings beside the code; all that discovery needs. Throws at start-up where they do not hold. */
export function composeConfig(
  environment: Environment & NodeJS.ProcessEnv = process.env,
): ServerConfig {
  const folder = environment.LAMBDA_TASK_ROOT ?? import.meta.dirname
  const settings = parseSettings(JSON.parse(readFileSync(join(folder, settingsFile), 'utf8')))
  const baseUrl = settings.baseUrl ?? required(environment, 'API_URL')
  return {
    settings: isLoopback(new URL(baseUrl)) ? withInternalHosts(settings) : settings,
    issuer: settings.issuer ?? baseUrl,
    registrationEndpoint: `${baseUrl}${settings.registrationPath}`,
  }
}

/** A service on loopback calls nobody's network but that of its own machine. */
const withInternalHosts = (settings: Settings): Settings => ({
  ...settings,
  metadata: { ...settings.metadata, allowInternalHosts: true },
})
