import { defineConfig } from 'vitest/config'

/** The tests that are quick or many enough to decide for each mutant of a folder of `lib`. */
const tests: Readonly<Record<string, readonly string[]>> = {
  metadata: ['lib/metadata', 'lib/settings'],
  tokens: ['tokens', 'lib/tokens'],
  authorization: ['authorization', 'jwt', 'lib/authorization'],
  permission: ['authorization', 'policy', 'jwt', 'lib/permission'],
}

/** Each runs for seconds whatever the mutant is; what they find, the others find by an example. */
const slow = ['properties', 'oidc-provider', 'linear-cost', 'reference', 'scope-lock-property']

const folder = process.env.MUTATED_FOLDER ?? ''
const globalSetup = ['temporary-folder', ...(folder === 'metadata' ? [] : ['embedded-dynamodb'])]

export default defineConfig({
  test: {
    include: (tests[folder] ?? []).map((tested) => `test/${tested}/**/*.test.ts`),
    exclude: [`**/{${slow.join()}}.test.ts`],
    globalSetup: globalSetup.map((name) => `test/support/${name}.ts`),
    // One import of lib serves all files: nothing in it remembers a request.
    isolate: false,
    env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  },
})
