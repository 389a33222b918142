import { parseSettings } from '../../lib/settings/settings.ts'
import { SettingsError } from '../../lib/settings/settings-error.ts'

/** What is said against these settings, a line for each problem; nothing where they hold. */
export function problemsOf(
  input: unknown,
  parse: (input: unknown) => unknown = parseSettings,
): readonly string[] {
  try {
    parse(input)
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
}
