import { existsSync, readFileSync } from 'node:fs'
import type { Node } from 'constructs'
import { isObject } from '../lib/json.ts'
import type { StageSettingsInput } from './settings/settings.ts'

/** The stage does not exist, or the stages are malformed. */
export class StageError extends Error {}

/**
 * The stages of `cdk.json` to synthesize: all, or the one in the context value `stage`. Throws
 * StageError.
 */
export function selectStages(node: Node): readonly (readonly [string, StageSettingsInput])[] {
  if ('stages' in ownSettings()) throw new StageError('cdk.json: `stages` must be under `context`')
  const stages = parseStages(node.tryGetContext('stages'))
  const known = stages.map(([name]) => name)
  const wanted: unknown = node.tryGetContext('stage')
  if (wanted !== undefined && !known.includes(String(wanted))) {
    throw new StageError(`Stage "${wanted}" does not exist; cdk.json has: ${known.join(', ')}`)
  }
  return stages.filter(([name]) => wanted === undefined || name === wanted)
}

/**
 * Parses `context.stages` into pairs of stage name and settings. Throws StageError when it is not a
 * non-empty object.
 */
export function parseStages(stages: unknown): readonly (readonly [string, StageSettingsInput])[] {
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
  // parseStageSettings validates each value later, where it is used.
  return Object.entries(stages) as [string, StageSettingsInput][]
}

/** Top-level members of cdk.json; empty when the app runs in another folder. */
const ownSettings = (): object =>
  existsSync('cdk.json') ? JSON.parse(readFileSync('cdk.json', 'utf8')) : {}

/** The extensions folder in the context value `extensions`, if set. */
export function extensionsFolder(node: Node): string | undefined {
  const folder: unknown = node.tryGetContext('extensions')
  if (folder === undefined || typeof folder === 'string') return folder
  throw new StageError('context.extensions: expected the path of a folder')
}
