import { existsSync, readFileSync } from 'node:fs'
import type { Node } from 'constructs'
import type { SettingsInput } from '../lib/settings/settings.ts'
import { isObject } from '../lib/settings/values.ts'

/** A stage that does not exist, or stages that cannot be read. */
export class StageError extends Error {}

/** The stages of `cdk.json` that are asked for: all, or the one named by the context value `stage`. */
export function selectStages(node: Node): readonly (readonly [string, SettingsInput])[] {
  if ('stages' in ownSettings()) throw new StageError('cdk.json: `stages` must be under `context`')
  const stages = parseStages(node.tryGetContext('stages'))
  const known = stages.map(([name]) => name)
  const wanted: unknown = node.tryGetContext('stage')
  if (wanted !== undefined && !known.includes(String(wanted))) {
    throw new StageError(`Stage "${wanted}" does not exist; cdk.json has: ${known.join(', ')}`)
  }
  return stages.filter(([name]) => wanted === undefined || name === wanted)
}

/** The stages that `context.stages` has, with their settings. Throws StageError where it is no such object. */
export function parseStages(stages: unknown): readonly (readonly [string, SettingsInput])[] {
  if (!isObject(stages) || Object.keys(stages).length === 0) {
    throw new StageError('cdk.json: context.stages must name at least one stage')
  }
  const bad = Object.keys(stages).find((name) => !/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name))
  if (bad !== undefined) {
    throw new StageError(`Stage "${bad}": a name has letters, digits and hyphens only`)
  }
  const empty = Object.entries(stages).find(([, settings]) => !isObject(settings))
  if (empty !== undefined)
    throw new StageError(`Stage "${empty[0]}": expected an object of settings, such as {}`)
  // parseSettings judges each value where it is used; here it is only carried.
  return Object.entries(stages) as [string, SettingsInput][]
}

/** What stands in cdk.json beside the context; of an app that was started elsewhere, nothing. */
const ownSettings = (): object =>
  existsSync('cdk.json') ? JSON.parse(readFileSync('cdk.json', 'utf8')) : {}

/** The folder with the team's own extensions that the context value `extensions` names, if any. */
export function extensionsFolder(node: Node): string | undefined {
  const folder: unknown = node.tryGetContext('extensions')
  if (folder === undefined || typeof folder === 'string') return folder
  throw new StageError('context.extensions: expected the path of a folder')
}
