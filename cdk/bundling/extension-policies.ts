import { spawnSync } from 'node:child_process'
import { composePolicies } from '../../lib/policy/compose-policies.ts'
import type { LimitingPolicy } from '../../lib/policy/policy.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { SettingsError } from '../../lib/settings/settings-error.ts'
import { bundle, bundling } from './esbuild.ts'
import { extensionModule, isPublishedPackage } from './package-root.ts'

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
  if (isPublishedPackage && extensions === undefined) return []
  const file = extensionModule('policies', extensions)
  const code = bundled(file)
  const policies = loaded.get(code) ?? load(file, code)
  loaded.set(code, policies)
  return policies
}

/**
 * Bundles the policies with their imports, as for the Lambdas, as one module that prints their
 * names and limits on its last line. It exits, because a policy's module may wait for something.
 */
function bundled(file: string): string {
  const contents = `
    import { policies } from ${JSON.stringify(file)}
    const described = Object.entries(policies).map(([name, { limits = [] }]) => ({ name, limits }))
    process.stdout.write('\\n' + JSON.stringify(described), () => process.exit())`
  const { platform, format, mainFields, banner } = bundling
  const outputs = bundle({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    ...{ platform, format, mainFields, banner },
    logLevel: 'silent',
  })
  return outputs.map(({ text }) => text).join('')
}

function load(file: string, code: string): readonly ExtensionPolicy[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input: code,
    encoding: 'utf8',
  })
  if (status !== 0) throw new SettingsError([`policies: ${file} cannot be loaded\n${stderr}`])
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]')
}
