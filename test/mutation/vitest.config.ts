import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { instrument } from './instrument.ts'

/** The folders of test/lib whose tests decide for a folder of lib, if not only the one of its name. */
const deciding: Readonly<Record<string, readonly string[]>> = {
  metadata: ['metadata', 'permission', 'settings'],
  permission: ['permission', 'authorization'],
}

/** Each runs for seconds whatever the mutant is; what they find, the others find by an example. */
const slow = ['properties', 'oidc-provider', 'linear-cost']

const folder = process.env.MUTATED_FOLDER ?? ''
const { code, mutants } = await instrument(globSync(`lib/${folder}/**/*.ts`).sort())
const testFiles = (deciding[folder] ?? [folder])
  .flatMap((tested) => globSync(`test/lib/${tested}/**/*.test.ts`))
  .filter((file) => !slow.some((name) => file.endsWith(`/${name}.test.ts`)))
  .map((file) => resolve(file))
/** Each worker tries its share of the mutants. */
const workers = availableParallelism()
const projects = Array.from({ length: workers }, (_, worker) => ({
  extends: true as const,
  test: { name: `worker ${worker + 1}`, provide: { share: { worker, workers } } },
}))

const repeatable = join(import.meta.dirname, 'repeatable.ts')

export default defineConfig({
  test: {
    include: ['test/mutation/survey.ts'],
    provide: { mutants, testFiles },
    projects,
    maxWorkers: workers,
    testTimeout: 0,
    // The code of each folder's mutants is another.
    fsModuleCache: false,
    env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  },
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      load: (id) => code.get(id),
      transform: (source, id) =>
        id.startsWith(resolve('test/lib'))
          ? source.replace(/from 'vitest'$/m, `from '${repeatable}'`)
          : undefined,
    },
  ],
})
