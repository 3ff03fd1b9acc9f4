// What a first visit loads, held to its budget: `node tools/budgets.mjs DIST`. The first visit is everything that is fetched
// until the inbox stands on the screen: the page's scripts and all that they import, the worker, the words of the largest
// language and the inbox; and the fonts of a Latin screen. What comes later has a budget of its own.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KILO = 1000;
const budgets = { first: 260 * KILO, style: 12 * KILO, font: 40 * KILO, lazy: 180 * KILO };
const dist = process.argv[2] ?? 'dist';
const read = (path) => readFileSync(join(dist, path));
const weights = new Map();
function weigh(path) {
  if (!weights.has(path)) weights.set(path, gzipSync(read(path), { level: 9 }).length);
  return weights.get(path);
}
const page = read('index.html').toString();
const assets = readdirSync(join(dist, 'assets'));
const named = (pattern) => assets.filter((name) => pattern.test(name)).map((name) => `assets/${name}`);

/** `paths`, and all that they import before anything is asked for. */
function withImports(paths) {
  const all = new Set(paths);
  for (const path of all)
    for (const match of read(path).toString().matchAll(/(?:^|[;}\s])(?:import|export)(?:[^"'();]*?from)?\s*["']\.\/([^"']+\.js)["']/g)) all.add(`assets/${match[1]}`);
  return [...all];
}

let broken = false;
function hold(what, bytes, budget) {
  const over = bytes > budget;
  broken ||= over;
  console.log(`${over ? 'OVER ' : 'ok   '} ${what}: ${(bytes / KILO).toFixed(1)} of ${budget / KILO} kB`);
}
const sum = (paths) => paths.reduce((total, path) => total + weigh(path), 0);
const say = (what, paths) => console.log(`      ${what}: ${(sum(paths) / KILO).toFixed(1)} kB in ${paths.length}`);
/** One of each must be there: a renamed part must not slip out of the sum. */
function only(what, paths) {
  if (paths.length === 0) throw new Error(`budgets: no ${what} in ${dist}`);
  return paths;
}

const start = withImports(only('script', [...page.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.js)"/g)].map((match) => match[1])));
const worker = withImports(only('worker', named(/^worker-.*\.js$/)));
const words = only('words', named(/^(en|fr|es|ar)-.*\.js$/)).sort((a, b) => weigh(b) - weigh(a)).slice(0, 1);
const inbox = withImports(only('inbox', named(/^inbox-.*\.js$/))).filter((path) => !start.includes(path));
const first = [...new Set([...start, ...worker, ...words, ...inbox])];
say('the page', start);
say('the worker', worker);
say('words of the largest language', words);
say('the inbox', inbox);
hold('all scripts of a first visit', sum(first), budgets.first);
hold('its styles', sum(only('style', [...page.matchAll(/href="\/?(assets\/[^"]+\.css)"/g)].map((match) => match[1]))), budgets.style);
// woff2 is compressed already.
hold('fonts of a Latin screen', only('font', named(/^noto-sans(-mono)?-latin-[46]00-.*\.woff2$/)).reduce((total, path) => total + statSync(join(dist, path)).size, 0), budgets.font);
const later = named(/\.js$/).filter((path) => !first.includes(path)).sort((a, b) => weigh(b) - weigh(a));
hold(`the largest of ${later.length} later parts, ${later[0]}`, later.length > 0 ? weigh(later[0]) : 0, budgets.lazy);
process.exit(broken ? 1 : 0);
