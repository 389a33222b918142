import { readFileSync } from 'node:fs'
import { isObject, ownValue } from '../../../lib/json.ts'
import type { Settings } from '../../../lib/settings/settings.ts'
import { SettingsError } from '../../../lib/settings/settings-error.ts'
import { parseStageSettings, serviceSettings } from '../../settings/settings.ts'

/**
 * The settings in a file: an object of settings or, with a stage, a `cdk.json` that has it. Throws an
 * Error that names the file.
 */
export function readSettings(file: string, stage: string | undefined): Settings {
  const parsed = parse(file)
  const input = stage === undefined ? parsed : stageOf(parsed, stage)
  if (input === undefined) throw new Error(`${file}: context.stages has no stage "${stage}"`)
  try {
    return serviceSettings(parseStageSettings(input))
  } catch (error) {
    if (error instanceof SettingsError) throw new Error(`${file}: ${error.message}`)
    throw error
  }
}

/** The settings of a stage that has none of its own. */
export const defaultSettings = (): Settings => serviceSettings(parseStageSettings({}))

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`${file}: not JSON (${error.message})`)
    throw new Error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function stageOf(parsed: unknown, stage: string): unknown {
  const context = isObject(parsed) ? parsed.context : undefined
  const stages = isObject(context) ? context.stages : undefined
  return isObject(stages) ? ownValue(stages, stage) : undefined
}
