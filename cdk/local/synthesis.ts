import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../../lib/json.ts'
import type { StageSettingsInput } from '../settings/settings.ts'
import { parseStages, StageError } from '../stages.ts'
import { cachedAssembly } from './assembly-cache.ts'

export type Resource = {
  readonly Type: string
  // CloudFormation has too many shapes to type here: each reader narrows the members it needs.
  readonly Properties: Readonly<Record<string, unknown>>
}

/**
 * A synthesized stack: its resources by logical id, and the folder of each Lambda's code by S3 key.
 */
export type Assembly = {
  readonly stackName: string
  readonly resources: ReadonlyMap<string, Resource>
  readonly assets: ReadonlyMap<string, string>
}

export type SynthesisOptions = {
  readonly stage: string
  readonly settings: StageSettingsInput
  /** A folder of extensions that replaces functions/extensions. */
  readonly extensions?: string | undefined
  readonly signal: AbortSignal
  /** Called when no cached assembly can be used. */
  readonly progress?: (step: string) => void
}

export const root = join(import.meta.dirname, '../..')

/**
 * Reads the CDK context of cdk.json, including its stages. Throws StageError when it is unreadable
 * or malformed.
 */
export async function readContext(file = join(root, 'cdk.json')): Promise<Context> {
  const text = await readFile(file, 'utf8').catch(({ code }) => {
    throw new StageError(`cdk.json: cannot be read (${code})`)
  })
  const context = parse(text)
  return { ...context, stages: Object.fromEntries(parseStages(context.stages)) }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const settings: unknown = JSON.parse(text)
    return isObject(settings) && isObject(settings.context) ? settings.context : {}
  } catch (error) {
    throw new StageError(`cdk.json: not JSON (${error instanceof Error ? error.message : error})`)
  }
}

type Context = { readonly stages: Readonly<Record<string, StageSettingsInput>> }

/** Synthesizes one stage exactly as `cdk synth` does. Rejects with the app's error output. */
export async function synthesize(options: SynthesisOptions): Promise<Assembly> {
  const { stage, settings, extensions, signal, progress } = options
  const context = {
    ...(await readContext()),
    stages: { [stage]: settings },
    ...(extensions !== undefined && { extensions }),
  }
  const directory = await cachedAssembly({ context, extensions }, (empty) => {
    progress?.('synthesizing the CDK app')
    return runApp(context, empty, signal)
  })

  const stackName = `ClientRegistration-${stage}`
  const read = async (file: string) => JSON.parse(await readFile(join(directory, file), 'utf8'))
  const manifest: Manifest = await read('manifest.json')
  const template: Template = await read(
    manifest.artifacts[stackName]?.properties.templateFile ?? '',
  )
  const { files }: AssetManifest = await read(`${stackName}.assets.json`)
  const assets = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(
      ({ objectKey }) => [objectKey, join(directory, source.path)] as const,
    ),
  )
  return {
    stackName,
    resources: new Map(Object.entries(template.Resources)),
    assets: new Map(assets),
  }
}

type Manifest = {
  readonly artifacts: Readonly<Record<string, { properties: { templateFile: string } }>>
}
type Template = { readonly Resources: Readonly<Record<string, Resource>> }
type Asset = {
  readonly source: { readonly path: string }
  readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>
}
type AssetManifest = { readonly files: Readonly<Record<string, Asset>> }

function runApp(context: object, directory: string, signal: AbortSignal): Promise<void> {
  const environment = {
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    // Template validation rules run before deployment; here they would take two thirds of the time.
    CDK_VALIDATION: 'false',
    // Caches the compiled CDK modules between runs.
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
  }
  return new Promise((resolve, reject) => {
    // A wrong setting should print the app's message only, so stderr is captured.
    const app = spawn(process.execPath, ['cdk/app.ts'], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    })
    let complaint = ''
    app.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    app.on('error', (error) => {
      complaint ||= error.message
    })
    // Wait for `close`: until then the app may write to the folder, which the caller removes on
    // failure.
    app.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(complaint.replaceAll(/^Bundling asset .*\n/gm, '').trim()))
    })
  })
}
