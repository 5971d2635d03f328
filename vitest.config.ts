import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kit/install-packages.ts'],
    // One process per file would pay the compiler's load time for each; threads share nothing that a test changes.
    pool: 'threads',
    // Only what hangs shall end by it: a machine that does other things at the same time takes several times as long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
