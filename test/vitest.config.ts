import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** No database, no synthesis, no browser. */
const unit = ['test/{functions,lib}/**/*.test.ts', 'test/layers.test.ts']

const browser = ['test/console/**/*.test.ts']

/** Installs packages: `npm run test:package`. */
const packaged = ['test/package/**/*.test.ts']

/** Starts the authorization servers themselves: `npm run connectors`. */
const servers = ['test/connectors/*.server.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/support/temporary-folder.ts'],
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
    projects: [
      // One import of lib serves all files of a worker: nothing in it remembers a request.
      { extends: true, test: { name: 'unit', include: unit, isolate: false } },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['test/**/*.test.ts'],
          exclude: [...unit, ...browser, ...packaged],
        },
      },
      { extends: true, test: { name: 'browser', include: browser } },
      { extends: true, test: { name: 'package', include: packaged } },
      {
        extends: true,
        test: {
          name: 'connectors',
          include: servers,
          // A server on a small machine needs minutes to start.
          hookTimeout: 600_000,
          testTimeout: 600_000,
        },
      },
    ],
    coverage: {
      include: ['lib/**/*.ts'],
      reporter: [['text', { maxCols: 140 }]],
      thresholds: { lines: 100 },
    },
  },
})
