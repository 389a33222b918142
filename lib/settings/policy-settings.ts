import * as v from 'valibot'
import { builtInPolicies } from '../policy/built-in-policies.ts'
import { group } from './values.ts'

type Configurable = Extract<(typeof builtInPolicies)[number], { settings: v.GenericSchema }>

type Entries = {
  [Policy in Configurable as Policy['name']]: v.OptionalSchema<Policy['settings'], undefined>
}

const entries = builtInPolicies
  .filter((policy): policy is Configurable => 'settings' in policy)
  .map(({ name, settings }) => [name, v.optional<v.GenericSchema>(settings)])

/** The settings of the built-in policies, by name. A policy exists only if it is configured. */
export const policySettings = group(Object.fromEntries(entries) as Entries) // by name, as above
