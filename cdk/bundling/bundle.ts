import { readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild'
import { applicationsFile, settingsFile } from '../../functions/environment.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { applicationsPage } from './console-page.ts'

const root = join(import.meta.dirname, '../..')

export type BundleOptions = {
  /** Files of functions/, without extension. */
  readonly names: readonly string[]
  readonly settings: Settings
  /** A folder whose files stand in for those of the same name in functions/extensions. */
  readonly extensions?: string | undefined
}

/**
 * The code of each named Lambda: a file of functions/ as one ES module, its source map, the stage's settings.
 * By one run of esbuild in this process: NodejsFunction starts npx and a shell for each Lambda, six times as long.
 */
export function bundles({ names, settings, extensions }: BundleOptions): (name: string) => Code {
  let built: readonly OutputFile[] | undefined
  return (name) =>
    Code.fromAsset(join(root, 'functions'), {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        // CDK asks for an image in any case; it is never pulled, because the bundling below succeeds or throws.
        image: DockerImage.fromRegistry('none'),
        // CDK reuses a bundle whose options are equal, and does not see what `tryBundle` closes over.
        command: [name, JSON.stringify(settings), extensions ?? ''],
        local: {
          tryBundle(directory) {
            built ??= build(names, extensions)
            for (const { path, contents } of built) {
              if (basename(dirname(path)) !== name) continue
              writeFileSync(join(directory, basename(path)), contents)
            }
            writeFileSync(join(directory, settingsFile), JSON.stringify(settings))
            if (name === 'clients')
              writeFileSync(join(directory, applicationsFile), applicationsPage())
            return true
          },
        },
      },
    })
}

function build(names: readonly string[], extensions?: string): readonly OutputFile[] {
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
    // Nothing is written there; it makes the paths in source maps, and so the hashes, everywhere the same.
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

/** How every Lambda is bundled. */
export const bundling = {
  platform: 'node',
  target: 'node24',
  format: 'esm',
  bundle: true,
  minify: true,
  // The SDK's ES modules shake down to a third less than its CommonJS ones, and start in half the time.
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  // A CommonJS dependency calls `require`, which an ES module does not have.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions
