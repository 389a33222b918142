import { readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild'
import { applicationsFile, settingsFile } from '../../functions/environment.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { endpoints } from '../api/endpoints.ts'
import type { LambdaName } from '../settings/settings.ts'
import { applicationsPage } from './console-page.ts'

const root = join(import.meta.dirname, '../..')

export type BundleOptions = {
  /** What the endpoints read. Anything more would change their code with every deployment option. */
  readonly settings: Settings
  /** A folder of extensions. Its files replace those of the same name in functions/extensions. */
  readonly extensions?: string | undefined
}

/**
 * The code of each named Lambda: one ES module, its source map, and an endpoint's settings. Runs
 * esbuild once in this process: NodejsFunction starts npx and a shell per Lambda, which takes six
 * times as long.
 */
export function bundles({ settings, extensions }: BundleOptions): (name: LambdaName) => Code {
  const settingsJson = JSON.stringify(settings)
  let built: readonly OutputFile[] | undefined
  return (name) =>
    Code.fromAsset(join(root, 'functions'), {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        // CDK requires an image. It is never pulled, because the local bundling below succeeds or
        // throws.
        image: DockerImage.fromRegistry('none'),
        // CDK caches bundles by their options. These values make the key depend on what `tryBundle`
        // closes over.
        command: [name, settingsJson, extensions ?? ''],
        local: {
          tryBundle(directory) {
            built ??= build(extensions)
            for (const { path, contents } of built) {
              if (basename(dirname(path)) !== name) continue
              writeFileSync(join(directory, basename(path)), contents)
            }
            if (name in endpoints) writeFileSync(join(directory, settingsFile), settingsJson)
            if (name === 'clients')
              writeFileSync(join(directory, applicationsFile), applicationsPage())
            return true
          },
        },
      },
    })
}

/** Every Lambda; those that are no endpoint read no settings. */
const names = [...Object.keys(endpoints), 'publish-events', 'authorize-origin']

function build(extensions?: string): readonly OutputFile[] {
  const { outputFiles } = buildSync({
    ...bundling,
    entryPoints: names.map((name) => ({
      in: join(root, 'functions', `${name}.ts`),
      out: join(name, 'index'),
    })),
    alias: {
      '@aws-sdk/credential-provider-node': join(root, 'functions/credentials.ts'),
      ...(extensions !== undefined && extensionAliases(extensions)),
    },
    write: false,
    // No output is written here. A fixed folder makes the source map paths, and so the asset
    // hashes, the same on every machine.
    outdir: join(root, 'cdk.out'),
    outExtension: { '.js': '.mjs' },
    absWorkingDir: root,
  })
  return outputFiles
}

const extensionAliases = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((file) => [`#extensions/${file}`, resolve(folder, file)]),
  )

/** esbuild options shared by all Lambdas. */
export const bundling = {
  platform: 'node',
  target: 'node24',
  format: 'esm',
  bundle: true,
  minify: true,
  // The SDK's ES modules tree-shake to a third less code than the CommonJS ones, and start in half
  // the time.
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  // CommonJS dependencies call `require`, which ES modules do not define.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions
