// What a measurement prints, in the manner of bench/: machine, date and load first, then each figure beside its limit.

import { appendFileSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, type } from 'node:os';

const file = process.env['ENTRAIDE_BENCH_RESULT'] ?? '';

export function say(line: string): void {
  console.log(line);
  if (file !== '') appendFileSync(file, `${line}\n`);
}
export const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

export function sayMachine(what: string, browser: string): void {
  say(`# desk: ${what}`);
  say(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${type()} ${release()}`);
  say(`browser: Chromium ${browser}; node ${process.version}`);
  say(`date: ${new Date().toISOString().slice(0, 19)}Z`);
  say(`load at the start: ${load()}${Number(load()) > cpus().length ? ' (neighbours are loud: read the ratios, not the times)' : ''}`);
}

/** The share `at` of sorted values, 0.5 for the median. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? Number.NaN;
}

/** A figure, its limit and their ratio. Gives whether it keeps to the limit. */
export function hold(what: string, figure: number, limit: number, unit = 'ms'): boolean {
  const kept = figure <= limit;
  say(`${kept ? 'kept ' : 'OVER '} ${what}: ${figure.toFixed(0)} ${unit} of ${limit} ${unit}, ratio ${(figure / limit).toFixed(2)} (load ${load()})`);
  return kept;
}

/** How long this machine takes now for a fixed piece of work of one thread: what the times stand beside. SHA-256 in JavaScript. */
export function yardstick(): number {
  const text = readFileSync(new URL(import.meta.url)).toString().repeat(64);
  const began = performance.now();
  let sum = 0;
  for (let round = 0; round < 40; ++round) for (let i = 0; i < text.length; ++i) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return sum === 1 ? 0 : performance.now() - began;
}
