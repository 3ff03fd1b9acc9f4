// What a first visit loads, held to its budget. `node budgets.mjs DIST`: the page's scripts and all that they import before
// anything is asked for; the styles; and, apart from them because nothing on the page waits for it, the worker.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KILO = 1000;
const budgets = { script: 260 * KILO, worker: 64 * KILO, style: 12 * KILO, lazy: 180 * KILO };
const dist = process.argv[2] ?? 'dist';
const read = (path) => readFileSync(join(dist, path));
const weigh = (path) => gzipSync(read(path), { level: 9 }).length;
const page = read('index.html').toString();
const assets = readdirSync(join(dist, 'assets'));

const first = new Set([...page.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.js)"/g)].map((match) => match[1]));
// Static imports of what is loaded are loaded too.
for (const path of first)
  for (const match of read(path).toString().matchAll(/(?:^|[;}\s])(?:import|export)(?:[^"'();]*?from)?\s*["']\.\/([^"']+\.js)["']/g)) first.add(`assets/${match[1]}`);
const workers = assets.filter((name) => /^worker-.*\.js$/.test(name));
const styles = [...page.matchAll(/href="\/?(assets\/[^"]+\.css)"/g)].map((match) => match[1]);
const lazy = assets.filter((name) => name.endsWith('.js') && !first.has(`assets/${name}`) && !workers.includes(name));

let broken = false;
function hold(what, bytes, budget) {
  const over = bytes > budget;
  broken ||= over;
  console.log(`${over ? 'OVER ' : 'ok   '} ${what}: ${(bytes / KILO).toFixed(1)} of ${budget / KILO} kB`);
}
const sum = (paths) => paths.reduce((total, path) => total + weigh(path), 0);
hold(`first load, ${first.size} scripts`, sum([...first]), budgets.script);
hold('worker', sum(workers.map((name) => `assets/${name}`)), budgets.worker);
hold(`styles, ${styles.length}`, sum(styles), budgets.style);
for (const name of lazy) if (weigh(`assets/${name}`) > budgets.lazy / 2) hold(`lazy part ${name}`, weigh(`assets/${name}`), budgets.lazy);
process.exit(broken ? 1 : 0);
