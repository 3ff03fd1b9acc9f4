// What the service worker answers itself, and what it keeps. Pure.

const PREFIX = 'entraide-desk-';

export function cacheName(version: string): string {
  return PREFIX + version;
}
export function isOurs(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** What belongs to the hub, never to the desk; the same list as in src/desk/serve.cc. */
const HUB = new Set(['v1', 'ledger', 'healthz', 'readyz', 'metrics']);

/** `page`: the desk's one page; `file`: one of its hashed files; `hub`: not our affair, the network has it. */
export type Way = 'page' | 'file' | 'hub';

export function wayOf(request: Pick<Request, 'method' | 'mode' | 'url'>, origin: string): Way {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'hub';
  const [, first = ''] = url.pathname.split('/');
  if (HUB.has(first)) return 'hub';
  if (first === 'assets') return 'file';
  return request.mode === 'navigate' ? 'page' : 'hub';
}

/** Fonts of other scripts than the desk's are many and seldom: they are kept once they were shown. */
export function worthKeeping(path: string): boolean {
  return !/\/noto-sans-(latin-ext|cyrillic|greek)-/.test(path);
}
