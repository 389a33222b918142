import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import { composePolicies } from '../../lib/policy/compose-policies.ts'
import type { LimitingPolicy } from '../../lib/policy/policy.ts'
import { type Settings, SettingsError } from '../../lib/settings/settings.ts'

type Limits = LimitingPolicy['limits']
type ExtensionPolicy = { readonly name: string; readonly limits: Limits }

/** The limits that any policy of the stage declares: a built-in one, or one of the team. */
export function declaredLimits(settings: Settings, extensions: string | undefined): Limits {
  const builtIn = [...composePolicies(settings, {}).values()]
  return [
    ...builtIn.flatMap((policy) => ('limits' in policy ? policy.limits : [])),
    ...extensionPolicies(extensions).flatMap(({ limits }) => limits),
  ]
}

/**
 * Throws SettingsError when the settings name an unknown policy, which would fail every
 * registration.
 */
export function rejectUnknownPolicies(settings: Settings, extensions: string | undefined): void {
  const builtIn = [...composePolicies(settings, {}).keys()]
  const known = [...builtIn, ...extensionPolicies(extensions).map(({ name }) => name)]
  const unknown = settings.policies.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new SettingsError(
      unknown.map((name) => `policies: ${name} is not one of ${known.join(', ')}`),
    )
}

/** By their bundled code: an app that synthesizes several services loads them once. */
const loaded = new Map<string, readonly ExtensionPolicy[]>()

/** The team's policies, loaded in a separate process. `extensions` replaces functions/extensions. */
function extensionPolicies(extensions: string | undefined): readonly ExtensionPolicy[] {
  const file = fileOf(extensions)
  const code = bundled(file)
  const policies = loaded.get(code) ?? load(file, code)
  loaded.set(code, policies)
  return policies
}

function fileOf(extensions: string | undefined): string {
  const standIn = resolve(extensions ?? '', 'policies.ts')
  const packaged = join(import.meta.dirname, '../../functions/extensions/policies.ts')
  return extensions !== undefined && existsSync(standIn) ? standIn : packaged
}

/** Bundles the policies with their imports as one module that prints their names and limits. */
function bundled(file: string): string {
  const contents = `
    import { policies } from ${JSON.stringify(file)}
    const described = Object.entries(policies).map(([name, { limits = [] }]) => ({ name, limits }))
    console.log(JSON.stringify(described))`
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles.map(({ text }) => text).join('')
}

function load(file: string, code: string): readonly ExtensionPolicy[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input: code,
    encoding: 'utf8',
  })
  if (status !== 0) throw new SettingsError([`policies: ${file} cannot be loaded\n${stderr}`])
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]')
}
