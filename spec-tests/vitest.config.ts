import { defineConfig } from 'vitest/config'

const shared = { hookTimeout: 120_000, testTimeout: 60_000 }
/** Suites that talk to a server: every answer is held against the specification. */
const speaking = { ...shared, setupFiles: ['contract/setup.ts'] }

/** What starts, kills and restarts servers of its own says nothing about one that is running already. */
const exclude =
  process.env['HEARTH_TARGET'] === undefined
    ? []
    : ['client-server/{start,workers}.test.ts', 'interop/**/{restart,backup}.test.ts']

export default defineConfig({
  test: {
    // the SDK comments on all that it does
    silent: 'passed-only',
    projects: [
      {
        test: {
          ...shared,
          name: 'gate',
          include: [
            'gate/**/*.test.ts',
            'bench/**/*.test.ts',
            'contract/**/*.test.ts',
            'conformance/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...speaking,
          name: 'client-server',
          include: ['client-server/**/*.test.ts'],
          exclude,
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...speaking,
          name: 'interop',
          include: ['interop/**/*.test.ts'],
          exclude,
          // every file starts a server of its own
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...speaking,
          name: 'faults',
          include: ['faults/**/*.test.ts'],
          maxWorkers: 2,
          hookTimeout: 300_000,
          testTimeout: 600_000,
        },
      },
      {
        test: {
          ...speaking,
          name: 'browser',
          include: ['browser/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
})
