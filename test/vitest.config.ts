import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/embedded-dynamodb.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two cores: more files at once would only make every one of them slower.
    maxWorkers: 2,
    env: {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      // CDK's own rules take two thirds of a synthesis; test/cdk/nag.test.ts and `npm run synth` judge by them.
      CDK_VALIDATION: 'false',
    },
  },
})
