import { defineConfig } from 'vitest/config'

const shared = { hookTimeout: 120_000, testTimeout: 60_000 }

export default defineConfig({
  test: {
    // the SDK comments on all that it does
    silent: 'passed-only',
    projects: [
      { test: { ...shared, name: 'gate', include: ['gate/**/*.test.ts', 'bench/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'client-server',
          include: ['client-server/**/*.test.ts'],
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...shared,
          name: 'interop',
          include: ['interop/**/*.test.ts'],
          // every file starts a server of its own
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...shared,
          name: 'faults',
          include: ['faults/**/*.test.ts'],
          maxWorkers: 2,
          testTimeout: 600_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['browser/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
})
