// Keeps the desk itself on this device, so that it opens without a line: the page, its hashed files, and nothing of the
// API. What was read is kept elsewhere, encrypted (api/desk_room.ts); this sees no content.
//
// The build writes the files of this desk into FILES and a digest of their names into VERSION; both are in sw.js, so a new
// desk is a new sw.js. It takes over when no tab shows the old one any more, or when a person reloads on purpose, and
// throws the files of the old one away then.

import { cacheName, isOurs, wayOf, worthKeeping } from './rules';

const scope = self as unknown as ServiceWorkerGlobalScope;

declare const __DESK_FILES__: readonly string[];
declare const __DESK_VERSION__: string;
const NAME = cacheName(__DESK_VERSION__);
const PAGE = '/';
/** After this long a page that is kept is better than one that may come. */
const PATIENCE = 4000;
/** How long that does not hold once a person has asked for a new desk: the page that is kept is the old one. */
const NEW_DESK = 60_000;
let newDeskUntil = 0;
/** The rest of the line is for the person. */
const AT_ONCE = 6;

/** Fetches what is not kept yet. Some may fail: they are kept when they are asked for. */
async function fill(): Promise<void> {
  const cache = await caches.open(NAME);
  const kept = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  const missing = [PAGE, ...__DESK_FILES__.filter(worthKeeping)].filter((path) => !kept.has(path));
  for (let at = 0; at < missing.length; at += AT_ONCE) await Promise.all(missing.slice(at, at + AT_ONCE).map((path) => cache.add(path).catch(() => undefined)));
}

async function forgetOld(): Promise<void> {
  for (const name of await caches.keys()) if (isOurs(name) && name !== NAME) await caches.delete(name);
  await scope.clients.claim();
}

/** A hashed file never changes: the kept one is the one. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

/** The page comes from the hub as long as the hub is there: its policy and its nonce go together, also when they are kept. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const kept = await cache.match(PAGE);
  const fresh = fetch(request);
  const late = kept === undefined || Date.now() < newDeskUntil ? [] : [new Promise<Response>((done) => setTimeout(() => done(kept.clone()), PATIENCE))];
  try {
    const first = await Promise.race([fresh, ...late]);
    // A hub behind a proxy that is away answers with the proxy's excuses.
    return first.status >= 500 && kept !== undefined ? kept.clone() : first;
  } catch (error) {
    if (kept === undefined) throw error;
    return kept.clone();
  }
}

scope.addEventListener('install', (event) => event.waitUntil(fill()));
scope.addEventListener('activate', (event) => event.waitUntil(forgetOld()));
scope.addEventListener('message', (event) => {
  if (event.data === 'fill') event.waitUntil(fill());
  if (event.data === 'new desk') newDeskUntil = Date.now() + NEW_DESK;
  if (event.data === 'take over') event.waitUntil(scope.skipWaiting());
});
scope.addEventListener('fetch', (event) => {
  const way = wayOf(event.request, scope.location.origin);
  if (way === 'file') event.respondWith(file(event.request));
  if (way === 'page') event.respondWith(page(event.request));
});
