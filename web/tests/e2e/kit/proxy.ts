// Stands between a browser and the hub: gives the files of a page, passes the rest on, and may change what passes, as a
// hub that lies would.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
}
/** What the browser gets instead; null: what the hub said. `said` is the hub's answer. */
export type Lie = (asked: Passing, said: { readonly status: number; readonly body: Buffer }) => { readonly status?: number; readonly body: Buffer | string } | null;

const TYPES: { readonly [end: string]: string } = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' };

/** As strict as the hub's own. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types default";

export class Proxy {
  lies: Lie[] = [];
  /** Everything that came through, newest last. */
  readonly seen: string[] = [];
  /** While true nothing gets through: the line is cut. */
  cut = false;
  private constructor(
    private readonly server: Server,
    private readonly hub: () => number,
    private readonly folder: string | null,
  ) {}
  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }
  /** `folder`: files of a page that are given before the hub is asked; null: the hub gives its own desk. */
  static async start(hub: () => number, folder: string | null): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server, hub, folder);
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => void proxy.pass(asked, answer));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return proxy;
  }
  async end(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const path = asked.url ?? '/';
    if (this.cut) return void asked.socket.destroy();
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    if (this.give(path, answer)) return;
    this.seen.push(`${asked.method} ${path}`);
    const stream = asked.headers.accept === 'text/event-stream';
    const onward = request({ host: '127.0.0.1', port: this.hub(), method: asked.method, path, headers: asked.headers }, (said) => {
      const headers = { ...said.headers };
      if (stream) {
        answer.writeHead(said.statusCode ?? 502, headers);
        said.pipe(answer);
        // A hub that died has closed its end, and so does whoever stands between.
        said.on('close', () => answer.destroy());
        return;
      }
      const pieces: Buffer[] = [];
      said.on('data', (piece: Buffer) => pieces.push(piece));
      said.on('end', () => {
        const status = said.statusCode ?? 502;
        let out: { status: number; body: Buffer } = { status, body: Buffer.concat(pieces) };
        const passing: Passing = { method: asked.method ?? 'GET', path, body };
        for (const lie of this.lies) {
          const told = lie(passing, out);
          if (told !== null) out = { status: told.status ?? out.status, body: Buffer.from(told.body) };
        }
        if (asked.method !== 'HEAD') {
          delete headers['transfer-encoding'];
          headers['content-length'] = String(out.body.length);
        }
        answer.writeHead(out.status, headers);
        answer.end(asked.method === 'HEAD' ? undefined : out.body);
      });
      said.on('error', () => answer.destroy());
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    onward.end(body);
  }

  private give(path: string, answer: ServerResponse): boolean {
    if (this.folder === null || path.startsWith('/v1/') || path.startsWith('/ledger/')) return false;
    const plain = normalize((path.split('?')[0] ?? '/').replace(/\/$/, '/index.html'));
    const asked = join(this.folder, plain);
    // Every place of the desk is its one page.
    const file = existsSync(asked) && statSync(asked).isFile() ? asked : extname(plain) === '' ? join(this.folder, 'index.html') : null;
    if (file === null) return false;
    const nonce = randomBytes(16).toString('base64url');
    const policy = POLICY.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`);
    answer.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
    answer.end(file.endsWith('index.html') ? readFileSync(file, 'utf8').replaceAll('__CSP_NONCE__', nonce) : readFileSync(file));
    return true;
  }
}

/** JSON of an answer, changed, and back. */
export function bent<T>(body: Buffer, bend: (value: T) => void): Buffer {
  const value = JSON.parse(body.toString()) as T;
  bend(value);
  return Buffer.from(JSON.stringify(value));
}
