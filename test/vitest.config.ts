import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/embedded-dynamodb.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One file more than there are cores: some wait, for a browser, a stream or a limit of time, while others compute.
    maxWorkers: availableParallelism() + 1,
    env: {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      // CDK's own rules take two thirds of a synthesis; test/cdk/nag.test.ts and `npm run synth` judge by them.
      CDK_VALIDATION: 'false',
    },
  },
})
