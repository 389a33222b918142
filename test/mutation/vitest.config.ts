import { defineConfig } from 'vitest/config'

/** The tests of a folder of `lib`, of those that need no database. */
const tests: Readonly<Record<string, readonly string[]>> = {
  metadata: ['metadata', 'settings'],
  tokens: ['tokens'],
  authorization: ['authorization'],
  permission: ['permission', 'authorization'],
}

/** Each runs for seconds whatever the mutant is; what they find, the others find by an example. */
const slow = ['properties', 'oidc-provider', 'linear-cost', 'reference']

const folders = tests[process.env.MUTATED_FOLDER ?? ''] ?? []

export default defineConfig({
  test: {
    include: folders.map((folder) => `test/lib/${folder}/**/*.test.ts`),
    exclude: [`**/{${slow.join()}}.test.ts`],
    // One import of lib serves all files: nothing in it remembers a request.
    isolate: false,
    env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  },
})
