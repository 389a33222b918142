import * as v from 'valibot'
import { isObject } from '../json.ts'
import { profiles } from './profiles.ts'
import { type Settings, schema } from './schema.ts'
import { SettingsError } from './settings-error.ts'
import { validateConsistency } from './validate-consistency.ts'

export type { Settings, SettingsInput } from './schema.ts'

/** Parses the settings that the service reads. Throws SettingsError. */
export const parseSettings = (input: unknown): Settings =>
  parseBy({ schema, profiles, validate: validateConsistency }, input)

/** What settings may contain. */
type Rules<Schema extends v.GenericSchema> = {
  readonly schema: Schema
  readonly profiles: Readonly<Record<string, object>>
  /** Finds contradictions between valid settings. Returns one line for each. */
  readonly validate: (settings: v.InferOutput<Schema>) => readonly string[]
}

/**
 * Parses settings: the profile's values, overridden by the stage's own, then defaults. Throws
 * SettingsError, which lists every unknown key, invalid value and contradiction.
 */
export function parseBy<Schema extends v.GenericSchema>(
  { schema, profiles, validate }: Rules<Schema>,
  input: unknown,
): v.InferOutput<Schema> {
  if (!isObject(input)) throw new SettingsError(['settings: expected an object'])
  const parsed = v.safeParse(schema, withOwnGrantTypes(withProfile(input, profiles)), {
    message: ({ expected, received }) => `expected ${expected}, received ${received}`,
  })
  const problems = parsed.success
    ? validate(parsed.output)
    : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'settings'}: ${issue.message}`)
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems)
  return parsed.output
}

function withProfile(input: Readonly<Record<string, unknown>>, profiles: Rules<never>['profiles']) {
  const { profile } = input
  if (typeof profile !== 'string' || !Object.hasOwn(profiles, profile)) return input
  return override(profiles[profile], input)
}

/**
 * The grant types listed in `metadata` also apply to anonymous registration, unless
 * `anonymous.grantTypes` is set.
 */
function withOwnGrantTypes(input: unknown): unknown {
  if (!isObject(input) || !isObject(input.metadata)) return input
  const { metadata, anonymous = {} } = input
  if (!Array.isArray(metadata.grantTypes) || !isObject(anonymous)) return input
  const grantTypes = anonymous.grantTypes ?? metadata.grantTypes
  return { ...input, anonymous: { ...anonymous, grantTypes } }
}

/** Merges groups key by key. A list or a value replaces the profile's. */
function override(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(own)) {
    merged[name] = Object.hasOwn(base, name) ? override(base[name], value) : value
  }
  return merged
}
