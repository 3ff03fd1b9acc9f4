import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import base from '../../vite.config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The desk as it is built, with a desk in memory behind it: for looking at screens and states, never for serving. */
export default mergeConfig({ ...base, resolve: {} }, {
  root: here('../..'),
  resolve: { alias: [{ find: '@/api/connect', replacement: here('./connect.ts') }, { find: '@', replacement: here('../../src') }] },
  build: { outDir: process.env['LOOKS_DIST'] ?? here('../../dist-looks'), emptyOutDir: true, reportCompressedSize: false },
});
