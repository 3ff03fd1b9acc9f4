import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  resolve: { alias: { '@': here('../../../src') } },
  worker: { format: 'es' },
  build: { target: 'es2023', outDir: here('../../../dist-e2e'), emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
