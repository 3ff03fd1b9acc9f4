// Builds the service worker into sw.js, the one script without a hash in its name: the browser compares its bytes. It names
// every file of the desk, so that another desk is another sw.js.

import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const FILE = 'sw.js';

export function serviceWorker(source: string): Plugin {
  return {
    name: 'entraide-service-worker',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: source, fileName: FILE });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunk = bundle[FILE];
        if (chunk?.type !== 'chunk') throw new Error('the service worker was not built');
        if (chunk.imports.length > 0 || /^\s*(import|export)\b/m.test(chunk.code)) throw new Error(`the service worker must stand alone, and imports ${chunk.imports.join(', ')}`);
        const files = Object.keys(bundle).filter((name) => name.startsWith('assets/')).map((name) => `/${name}`).sort();
        const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 16);
        chunk.code = chunk.code.replaceAll('__DESK_FILES__', JSON.stringify(files)).replaceAll('__DESK_VERSION__', JSON.stringify(version));
      },
    },
  };
}
