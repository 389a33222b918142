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

/** Whether the team's extensions have a hook that registrations wait for. */
export const hasRegistrationHook = (extensions: string | undefined): boolean =>
  describeExtensions(extensions).hasHook

const extensionPolicies = (extensions: string | undefined): readonly ExtensionPolicy[] =>
  describeExtensions(extensions).policies

/** What synthesis needs to know of the team's extensions. */
type Extensions = { readonly policies: readonly ExtensionPolicy[]; readonly hasHook: boolean }

/** By their bundled code: an app that synthesizes several services loads them once. */
const loaded = new Map<string, Extensions>()

/** The team's extensions, loaded in a separate process. `extensions` replaces functions/extensions. */
function describeExtensions(extensions: string | undefined): Extensions {
  if (isPublishedPackage && extensions === undefined) return { policies: [], hasHook: false }
  const files = ['policies', 'on-registered'].map((name) => extensionModule(name, extensions))
  const code = bundled(files)
  const described = loaded.get(code) ?? load(files, code)
  loaded.set(code, described)
  return described
}

/**
 * Bundles the policies and the hook with their imports, as for the Lambdas, as one module that prints
 * the names and limits of policies, and whether there is a hook, on its last line. It exits, because
 * a team's module may wait for something.
 */
function bundled([policies, hook]: readonly string[]): string {
  const contents = `
    import { policies } from ${JSON.stringify(policies)}
    import { onRegistered } from ${JSON.stringify(hook)}
    const described = {
      policies: Object.entries(policies).map(([name, { limits = [] }]) => ({ name, limits })),
      hasHook: onRegistered !== undefined,
    }
    process.stdout.write('\\n' + JSON.stringify(described), () => process.exit())`
  const { platform, format, mainFields, banner } = bundling
  const outputs = bundle({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    ...{ platform, format, mainFields, banner },
    logLevel: 'silent',
  })
  return outputs.map(({ text }) => text).join('')
}

function load(files: readonly string[], code: string): Extensions {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input: code,
    encoding: 'utf8',
  })
  if (status !== 0)
    throw new SettingsError([`policies: ${files.join(' or ')} cannot be loaded\n${stderr}`])
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
