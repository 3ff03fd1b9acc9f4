// A real hub with the demonstration world, on this machine, for one test file. It can be killed and started again.

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const built = resolve(process.env['ENTRAIDE_BIN'] ?? join(import.meta.dirname, '../../../../build/release/bin'));
const desk = join(import.meta.dirname, '../../../dist');
const programs = (): string => join(process.env['ENTRAIDE_E2E_INSTALLED'] ?? built, 'bin');

/** The programs with this desk beside them, as an operator installs them, so that the hub serves the desk under test and no other. */
export function install(): string {
  if (!existsSync(join(desk, 'index.html'))) throw new Error('no dist: script/e2e builds it');
  const folder = mkdtempSync(join(tmpdir(), 'entraide-installed-'));
  mkdirSync(join(folder, 'bin'));
  for (const program of ['entraided', 'entraide']) cpSync(join(built, program), join(folder, 'bin', program));
  cpSync(desk, join(folder, 'share/entraide/desk'), { recursive: true });
  return folder;
}

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
    // A look into a page that never answers is a look that found nothing.
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<null>((done) => { timer = setTimeout(done, Math.max(end - Date.now(), 1000), null); });
    const found = await Promise.race([look().catch(() => null), over]);
    clearTimeout(timer);
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
  /** Goes on from a copy of `world`; null builds a new one, which takes a while (31 key stores that resist guessing). */
  static async start(world: string | null = process.env['ENTRAIDE_E2E_WORLD'] ?? null): Promise<Hub> {
    const dir = mkdtempSync(join(tmpdir(), 'entraide-e2e-'));
    if (world !== null) cpSync(world, dir, { recursive: true });
    const port = await freePort();
    const hub = new Hub(dir, port, null as unknown as ChildProcess, []);
    hub.spawn(['demo', 'start', '--dir', dir, '--listen', `127.0.0.1:${port}`]);
    await hub.ready(world === null ? 900 : 60);
    const status = (await (await fetch(`${hub.url}/v1/status`)).json()) as { desk: string | null };
    if (status.desk === null) throw new Error(`the hub serves no desk:\n${hub.log()}`);
    return hub;
  }
  private spawn(args: readonly string[]): void {
    this.child = spawn(join(programs(), 'entraide'), args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (piece: Buffer) => this.output.push(piece.toString()));
  }
  private async ready(seconds: number): Promise<void> {
    const up = async (): Promise<boolean> => {
      if (ended(this.child)) return true;
      // The last words of a world that is whole; its people can be opened then.
      return (await fetch(`${this.url}/readyz`)).ok && this.output.join('').includes('The main job, from both sides') && (await fetch(`${this.url}/v1/demonstration`)).ok;
    };
    await until('the hub', seconds, up);
    if (ended(this.child)) throw new Error(`the hub ended:\n${this.log()}`);
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
    this.spawn(['demo', 'start', '--dir', this.dir, '--listen', `127.0.0.1:${this.port}`]);
    await this.ready(60);
  }
  /** Ends it as a person would, so that what it wrote is whole; its folder stays. */
  async stop(): Promise<void> {
    process.kill(-(this.child.pid as number), 'SIGTERM');
    await until('the hub to end', 30, async () => ended(this.child));
  }
  async end(): Promise<void> {
    await this.kill().catch(() => undefined);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
