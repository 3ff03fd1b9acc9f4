import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Against a real hub and a real browser: one file after the other, and time for a slow machine.
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('../../src', import.meta.url)) } },
  test: { root: fileURLToPath(new URL('.', import.meta.url)), include: ['**/*.e2e.ts'], environment: 'node', globalSetup: ['kit/world.ts'], fileParallelism: false, testTimeout: 120_000, hookTimeout: 240_000, teardownTimeout: 60_000 },
});
