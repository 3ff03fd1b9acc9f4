// Serves a built desk the way that the hub does: same policy of content, one nonce a page, every unknown path the page.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml' };

export function serve(folder, port = 0) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://desk').pathname));
    const file = join(folder, path);
    const found = path !== '/' && file.startsWith(folder) && existsSync(file) && statSync(file).isFile();
    const nonce = randomBytes(16).toString('base64');
    const body = found ? readFileSync(file) : readFileSync(join(folder, 'index.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce);
    response.writeHead(200, {
      'content-type': TYPES[extname(found ? file : 'index.html')] ?? 'application/octet-stream',
      'cache-control': path.startsWith('/assets/') ? 'immutable, max-age=31536000' : 'no-store',
      'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types default`,
    });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({ address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() })));
}
