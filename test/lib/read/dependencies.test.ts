import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const lib = join(import.meta.dirname, '../../../lib')

test.each(['read', 'oidc-provider'])('lib/%s depends on node:crypto alone', async (module) => {
  const { metafile } = await build({
    entryPoints: [join(lib, module, 'index.ts')],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  expect([...new Set(imports.map(({ path }) => path))]).toEqual(['node:crypto'])
})
