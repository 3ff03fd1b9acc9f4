// The screens of forms, drafts and requests without a hub, to be looked at: `npx vite --config tests/preview/vite.config.ts`.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  resolve: { alias: { '@': here('../../src') } },
  server: { fs: { allow: [here('../../..')] } },
});
