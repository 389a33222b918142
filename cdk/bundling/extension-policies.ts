import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import { builtInNames } from '../../lib/policy/built-in.ts'
import type { PolicyContext } from '../../lib/policy/policy.ts'
import { type Settings, SettingsError } from '../../lib/settings/settings.ts'

/** Path of the team's policies. `extensions` is a folder that replaces functions/extensions. */
function fileOf(extensions: string | undefined): string {
  const standIn = resolve(extensions ?? '', 'policies.ts')
  const own = join(import.meta.dirname, '../../functions/extensions/policies.ts')
  return extensions !== undefined && existsSync(standIn) ? standIn : own
}

/** Bundles the team's policies with their imports, followed by `lastLine`, as one module. */
function bundled(file: string, lastLine: string): string {
  const contents = `import { policies } from ${JSON.stringify(file)}\n${lastLine}\n`
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

/**
 * Whether a custom policy may limit clients per owner. Searches the bundled code for the method
 * name; runs none of it.
 */
export const limitClientsOfOwner = (extensions: string | undefined): boolean =>
  mayCall('limitClientsOfOwner', extensions)

/** Whether a custom policy may limit clients that register without a token. */
export const limitAnonymousClients = (extensions: string | undefined): boolean =>
  mayCall('limitAnonymousClients', extensions)

const mayCall = (method: keyof PolicyContext, extensions: string | undefined): boolean =>
  bundled(fileOf(extensions), 'export { policies }').includes(method)

/**
 * Throws SettingsError when the settings name an unknown policy, which would fail every
 * registration. Loads the custom policies, in a separate process, only for names that are not built
 * in.
 */
export function rejectUnknownPolicies(settings: Settings, extensions: string | undefined): void {
  const shipped = builtInNames(settings)
  const others = settings.policies.filter((name) => !shipped.includes(name))
  if (others.length === 0) return
  const own = namesOf(fileOf(extensions))
  const known = [...shipped, ...own].join(', ')
  const unknown = others.filter((name) => !own.includes(name))
  if (unknown.length > 0)
    throw new SettingsError(unknown.map((name) => `policies: ${name} is not one of ${known}`))
}

function namesOf(file: string): readonly string[] {
  const input = bundled(file, 'console.log(JSON.stringify(Object.keys(policies)))')
  const loaded = spawnSync(process.execPath, ['--input-type=module', '-'], { input })
  if (loaded.status !== 0)
    throw new SettingsError([`policies: ${file} cannot be loaded\n${loaded.stderr}`])
  return JSON.parse(String(loaded.stdout).trim().split('\n').at(-1) ?? '[]')
}
