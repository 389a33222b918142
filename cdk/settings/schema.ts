import type * as v from 'valibot'
import { schema as serviceSchema } from '../../lib/settings/schema.ts'
import { group } from '../../lib/settings/values.ts'
import { apiSettings } from './api-settings.ts'
import { deploymentSettings } from './deployment-settings.ts'

/** Every setting of a stage: those that the service reads, and those of its deployment. */
export const schema = group({ ...serviceSchema.entries, ...apiSettings, ...deploymentSettings })

/** A stage's settings as written in cdk.json: each one is optional. */
export type StageSettingsInput = v.InferInput<typeof schema>

/** Validated settings of one stage with all defaults (times in seconds, sizes in bytes). */
export type StageSettings = v.InferOutput<typeof schema>
