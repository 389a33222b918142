import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { bundling } from '../../../cdk/bundling/esbuild.ts'
import { functionsModule } from '../../../cdk/bundling/package-root.ts'

/** Bundles the modules of this folder as the Lambdas are bundled; their files by name. */
export function bundleSides(directory: string) {
  mkdirSync(directory, { recursive: true })
  const bundled = (name: string) => {
    const outfile = join(directory, `${name}.mjs`)
    buildSync({
      ...bundling,
      alias: { '@aws-sdk/credential-provider-node': functionsModule('credentials') },
      entryPoints: [join(import.meta.dirname, `${name}.ts`)],
      outfile,
    })
    return outfile
  }
  return {
    measure: bundled('measure'),
    theirs: bundled('their-lambda'),
    barePut: bundled('bare-put'),
  }
}
