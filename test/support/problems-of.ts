import { parseSettings, SettingsError } from '../../lib/settings/settings.ts'

/** What is said against these settings, a line for each problem; nothing where they hold. */
export function problemsOf(input: unknown): readonly string[] {
  try {
    parseSettings(input)
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
}
