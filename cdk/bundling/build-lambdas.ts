import { basename, dirname, join } from 'node:path'
import { applicationsFile } from '../../functions/environment.ts'
import { endpoints } from '../api/endpoints.ts'
import { applicationsPage } from './console-page.ts'
import { bundle, bundling } from './esbuild.ts'
import { extensionModule, functionsModule, root } from './package-root.ts'

/** The files of each Lambda: name and contents, by the Lambda's name. */
export type BuiltLambdas = ReadonlyMap<
  string,
  readonly (readonly [file: string, contents: string | Uint8Array])[]
>

/** The Lambdas that read settings. */
export const configured = [
  ...Object.keys(endpoints),
  'clean-up',
  'record-use',
  'push-clients',
  'reconcile-clients',
]

const names = [...configured, 'publish-events', 'authorize-origin']

/** Bundles every Lambda. `extensions` is a folder whose files replace functions/extensions. */
export function buildLambdas(extensions?: string): BuiltLambdas {
  const outputs = bundle({
    ...bundling,
    entryPoints: names.map((name) => ({ in: functionsModule(name), out: join(name, 'index') })),
    alias: {
      '@aws-sdk/credential-provider-node': functionsModule('credentials'),
      ...builtinModules,
      ...extensionModules(extensions),
    },
    // No output is written here. A fixed folder makes the source map paths, and so the asset
    // hashes, the same on every machine.
    outdir: join(root, 'cdk.out'),
    outExtension: { '.js': '.mjs' },
    absWorkingDir: root,
  })
  const page = [applicationsFile, applicationsPage()] as const
  return new Map(
    names.map((name) => {
      const bundled = outputs.filter(({ path }) => basename(dirname(path)) === name)
      const files = bundled.map(({ path, contents }) => [basename(path), contents] as const)
      return [name, name === 'clients' ? [...files, page] : files]
    }),
  )
}

/**
 * Node evaluates every getter of a built-in module when an ES module imports it: that of
 * `http.WebSocket` loads all of `fetch`, which takes a tenth of a cold start. These modules are
 * therefore loaded as CommonJS loads them.
 */
const builtinModules: Record<string, string> = Object.fromEntries(
  ['node:http', 'node:fs', 'node:fs/promises', 'node:util', 'node:process'].map((name) => [
    name,
    `data:text/javascript,module.exports=process.getBuiltinModule("${name}")`,
  ]),
)

/** The modules that a Lambda imports as `#extensions/<name>`. */
const extensionModules = (folder: string | undefined): Record<string, string> =>
  Object.fromEntries(
    ['client-id', 'client-secret', 'on-registered', 'policies'].map((name) => [
      `#extensions/${name}`,
      extensionModule(name, folder),
    ]),
  )
