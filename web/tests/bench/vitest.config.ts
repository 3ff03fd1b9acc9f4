import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// What script/bench desk runs: the stage of the end-to-end tests with another play.
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('../../src', import.meta.url)) } },
  test: { root: fileURLToPath(new URL('..', import.meta.url)), include: ['bench/*.bench.ts'], environment: 'node', globalSetup: ['e2e/kit/world.ts'], fileParallelism: false, testTimeout: 900_000, hookTimeout: 240_000, teardownTimeout: 60_000 },
});
