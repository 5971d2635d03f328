import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kit/install-packages.ts'],
    // One process per file would pay the compiler's load time for each; threads share nothing that a test changes.
    pool: 'threads',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
