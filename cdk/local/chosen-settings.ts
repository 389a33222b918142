import { SettingsError } from '../../lib/settings/settings-error.ts'
import { deploymentSettings } from '../settings/deployment-settings.ts'
import { parseStageSettings, type StageSettingsInput } from '../settings/settings.ts'
import type { ServiceOptions } from './service-options.ts'

type Stages = Readonly<Record<string, StageSettingsInput>>

/**
 * Selects the settings to serve, and lists those that apply to deployments only. Throws an Error
 * for an unknown stage or invalid settings.
 */
export function chooseSettings({ stage, settings }: ServiceOptions, stages: Stages) {
  const known = Object.keys(stages)
  const chosen = stage ?? known[0] ?? ''
  const input = settings ?? stages[chosen]
  if (input === undefined) {
    throw new Error(`Stage "${chosen}" does not exist; cdk.json has: ${known.join(', ')}`)
  }
  // Validates all settings, including the deployment-only ones.
  try {
    parseStageSettings(input)
  } catch (error) {
    if (settings !== undefined || !(error instanceof SettingsError)) throw error
    throw new Error(`Stage "${chosen}": ${error.message}`, { cause: error })
  }
  const names = Object.keys(input)
  const leftOut = names.filter((name) => name in deploymentSettings)
  const here = Object.entries(input).filter(([name]) => !leftOut.includes(name))
  return { stage: chosen, settings: Object.fromEntries(here) as StageSettingsInput, leftOut }
}
