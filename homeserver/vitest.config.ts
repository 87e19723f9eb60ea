import { defineConfig } from 'vitest/config'

/** Tests beside the code that need Postgres. */
const withDatabase = [
  'src/**/*.db.test.ts',
  'src/db/**/*.test.ts',
  'src/services/{accounts,filters,profiles,registration,sessions,uia}/**/*.test.ts',
]
const shared = {
  hookTimeout: 60_000,
  testTimeout: 20_000,
  // vitest would leave one processor unused, of two
  maxWorkers: 2,
  // what files share is read and compiled once: a third of the time
  isolate: false,
}

export default defineConfig({
  test: {
    // starts Postgres when the first test asks for a database, once for the whole run
    globalSetup: ['test/harness/database-broker.ts'],
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: withDatabase,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'integration',
          include: [...withDatabase, 'test/**/*.test.ts'],
          // holds every answer that a test receives against the specification
          setupFiles: ['../spec-tests/contract/setup.ts'],
        },
      },
    ],
  },
})
