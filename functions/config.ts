import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isLoopback } from '../lib/metadata/rules/loopback.ts'
import type { ServerConfig } from '../lib/server.ts'
import { parseSettings, type Settings } from '../lib/settings/settings.ts'
import { type Environment, required, settingsFile } from './environment.ts'

/**
 * Reads the settings file that is bundled with the code and derives the issuer and the registration
 * endpoint. This is all that discovery needs. Throws at start-up if the settings are invalid.
 */
export function composeConfig(
  environment: Environment & NodeJS.ProcessEnv = process.env,
): ServerConfig {
  const settings = readSettings(environment)
  const baseUrl = settings.baseUrl ?? required(environment, 'API_URL')
  return {
    settings: isLoopback(new URL(baseUrl)) ? withInternalHosts(settings) : settings,
    issuer: settings.issuer ?? baseUrl,
    registrationEndpoint: `${baseUrl}${settings.registrationPath}`,
  }
}

/** Reads the settings file. Throws at start-up if the settings are invalid. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const folder = environment.LAMBDA_TASK_ROOT ?? import.meta.dirname
  return parseSettings(JSON.parse(readFileSync(join(folder, settingsFile), 'utf8')))
}

/** A service on loopback runs on a local machine: internal hosts are the ones it has to reach. */
const withInternalHosts = (settings: Settings): Settings => ({
  ...settings,
  metadata: { ...settings.metadata, allowInternalHosts: true },
})
