import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { openapiFile, settingsFile } from '../../functions/environment.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { openApiDocument } from '../openapi/document.ts'
import type { LambdaName } from '../settings/settings.ts'
import { type BuiltLambdas, buildLambdas, configured } from './build-lambdas.ts'
import { isPublishedPackage, prebuilt, root } from './package-root.ts'

export type BundleOptions = {
  /** What the endpoints read. Anything more would change their code with every deployment option. */
  readonly settings: Settings
  /** A folder of extensions. Its files replace those of the same name in functions/extensions. */
  readonly extensions?: string | undefined
}

/**
 * The code of each named Lambda: one ES module, its source map, and the settings that it reads. The
 * published package copies its bundles, unless there are extensions. Otherwise esbuild runs once in
 * this process: NodejsFunction starts npx and a shell per Lambda, which takes six times as long.
 */
export function bundles({ settings, extensions }: BundleOptions): (name: LambdaName) => Code {
  const settingsJson = JSON.stringify(settings)
  let built: BuiltLambdas | undefined
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
            built ??=
              isPublishedPackage && extensions === undefined
                ? readPrebuilt()
                : buildLambdas(extensions)
            for (const [file, contents] of built.get(name) ?? [])
              writeFileSync(join(directory, file), contents)
            if (configured.includes(name))
              writeFileSync(join(directory, settingsFile), settingsJson)
            if (name === 'discovery')
              writeFileSync(join(directory, openapiFile), JSON.stringify(openApiDocument(settings)))
            return true
          },
        },
      },
    })
}

const readPrebuilt = (): BuiltLambdas =>
  new Map(
    readdirSync(prebuilt).map((name) => {
      const files = readdirSync(join(prebuilt, name))
      return [name, files.map((file) => [file, readFileSync(join(prebuilt, name, file))])]
    }),
  )
