import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { serviceWorker } from './tools/service_worker.mts';

const hub = process.env['ENTRAIDE_HUB'] ?? 'http://127.0.0.1:8087';

export default defineConfig({
  plugins: [react(), serviceWorker(fileURLToPath(new URL('./src/offline/service_worker.ts', import.meta.url))), { ...optimizeLocales.vite({ locales: ['en-US', 'fr-FR', 'es-ES', 'ar-AE'] }), enforce: 'pre' }],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  worker: { format: 'es' },
  build: { target: 'es2023', outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false },
  server: { proxy: { '/v1': hub, '/ledger': hub } },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'tests/unit/**/*.test.ts'], restoreMocks: true, testTimeout: 30_000 },
});
