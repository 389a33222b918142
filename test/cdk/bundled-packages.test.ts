import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundling } from '../../cdk/bundling/esbuild.ts'
import { functionsModule, root } from '../../cdk/bundling/package-root.ts'
import { parseStageSettings } from '../../cdk/settings/settings.ts'
import { listedPackages, lock } from '../lib/decisions/packages.ts'

describe('the bundle of a Lambda, as lib/decisions/dependencies.md lists it,', () => {
  /** Bytes of each package in the Lambda that has most of it. */
  const bytes = new Map<string, number>()

  beforeAll(async () => {
    const { metafile } = await build({
      ...bundling,
      entryPoints: Object.keys(parseStageSettings({}).concurrency).map(functionsModule),
      alias: { '@aws-sdk/credential-provider-node': functionsModule('credentials') },
      outdir: 'cdk.out',
      absWorkingDir: root,
      sourcemap: false,
      write: false,
      metafile: true,
    })
    for (const { inputs } of Object.values(metafile.outputs)) {
      const own = new Map<string, number>()
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
        if (name !== undefined) own.set(name, (own.get(name) ?? 0) + bytesInOutput)
      }
      for (const [name, size] of own) bytes.set(name, Math.max(size, bytes.get(name) ?? 0))
    }
  })

  test.each(listedPackages('Of the service and the package'))(
    'has of %s about as much as the table says',
    (name, _purpose, _reason, _license, kilobytes) => {
      const size = bytes.get(name) ?? 0
      expect(Math.abs(size / 1000 - Number(kilobytes))).toBeLessThan(1 + Number(kilobytes) / 5)
      expect(size > 0).toBe(kilobytes !== '0')
    },
  )

  test('has nothing of a package that only development needs', () => {
    expect(bytes.size).toBeGreaterThan(10)
    const development = [...bytes.keys()].filter(
      (name) => lock.packages[`node_modules/${name}`]?.dev,
    )
    expect(development).toEqual([])
  })
})
