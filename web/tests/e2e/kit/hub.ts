// A real hub with the demonstration world, on this machine, for one test file. It can be killed and started again.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const bin = resolve(process.env['ENTRAIDE_BIN'] ?? join(import.meta.dirname, '../../../../build/release/bin'));

export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? done(address.port) : failed(new Error('no port'))));
    });
  });
}

export async function until<T>(what: string, seconds: number, look: () => Promise<T | null | false>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look().catch(() => null);
    if (found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

export class Hub {
  private constructor(
    readonly dir: string,
    readonly port: number,
    private child: ChildProcess,
    private output: string[],
  ) {}
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  /** Builds the world: some seconds. `desk` is the folder of the built desk that the hub serves. */
  static async start(desk: string | null = null): Promise<Hub> {
    const dir = mkdtempSync(join(tmpdir(), 'entraide-e2e-'));
    const port = await freePort();
    const hub = new Hub(dir, port, null as unknown as ChildProcess, []);
    hub.spawn(join(bin, 'entraide'), ['demo', 'start', '--dir', dir, '--listen', `127.0.0.1:${port}`, ...(desk === null ? [] : ['--desk', desk])]);
    await hub.ready(120);
    return hub;
  }
  private spawn(program: string, args: readonly string[]): void {
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (piece: Buffer) => this.output.push(piece.toString()));
  }
  private async ready(seconds: number): Promise<void> {
    await until('the hub', seconds, async () => {
      if (ended(this.child)) throw new Error('ended');
      // The world is whole before the key stores of the command line are written, which nobody here waits for.
      return (await fetch(`${this.url}/readyz`)).ok && /Writing the key stores|continues/.test(this.output.join(''));
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.output.join('').slice(-3000)}`);
    });
  }
  /** The log of the hub, for when a test fails. */
  log(): string {
    return this.output.join('').slice(-5000);
  }
  /** Kills hub and demonstration as a power cut does. */
  async kill(): Promise<void> {
    if (!ended(this.child)) process.kill(-(this.child.pid as number), 'SIGKILL');
    await until('the hub to be gone', 20, () => fetch(`${this.url}/readyz`).then(() => false, () => true));
  }
  /** Starts the same world again. */
  async again(): Promise<void> {
    this.spawn(join(bin, 'entraide'), ['demo', 'start', '--dir', this.dir, '--listen', `127.0.0.1:${this.port}`]);
    await this.ready(60);
  }
  async end(): Promise<void> {
    await this.kill().catch(() => undefined);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
