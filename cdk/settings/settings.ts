import { type Settings, schema as serviceSchema } from '../../lib/settings/schema.ts'
import { parseBy } from '../../lib/settings/settings.ts'
import { validateConsistency } from '../../lib/settings/validate-consistency.ts'
import { stageProfiles } from './profiles.ts'
import { type StageSettings, schema } from './schema.ts'
import { validateDeployment } from './validate-deployment.ts'

export type { StageSettings, StageSettingsInput } from './schema.ts'

/** A Lambda, by its file name in functions/, without extension. */
export type LambdaName = keyof StageSettings['concurrency']

/** Parses the settings of a stage of cdk.json. Throws SettingsError. */
export const parseStageSettings = (input: unknown): StageSettings =>
  parseBy({ schema, profiles: stageProfiles, validate }, input)

const validate = (settings: StageSettings): readonly string[] => [
  ...validateConsistency(settings),
  ...validateDeployment(settings),
]

/**
 * The settings that the service reads. A Lambda is bundled with these only, so that a changed
 * throttle or alarm does not change its code.
 */
export const serviceSettings = (settings: StageSettings): Settings =>
  Object.fromEntries(
    Object.entries(settings).filter(([name]) => name in serviceSchema.entries),
  ) as Settings // both schemas have these settings
