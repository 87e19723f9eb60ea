import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/harness/database-broker.ts'],
    hookTimeout: 60_000,
    testTimeout: 20_000,
  },
})
