import type { Desk } from '@/api/desk';
import { DeskError, type ErrorKind } from '@/api/error';
import { isLang } from '@/i18n/locale';
import { lengthen, mirror } from '@/i18n/pseudo';
import { settings } from '@/parts/desk';
import { requestDesk } from './request_desk';
import { kRevoked, teamOf, waitingOf } from './team_world';
import { aCase, aWorld, anIdentity, kEnded, me, memoryDesk } from '../memory_desk';

const asked = new URLSearchParams(sessionStorage.getItem('world') ?? '');
/** The whole rulebook, in four languages. A long inbox is timed: there it comes when a screen asks for it, as from a hub. */
const texts = async (): Promise<Record<string, string>> => ({ ...(await import('./rulebook_texts')).files });
const files: Record<string, string> = asked.has('many') ? {} : await texts();

/** The rulebook's words as the pseudo-languages have ours: what is left plain has come through no catalogue. */
function disguise(change: (text: string) => string): void {
  for (const path of Object.keys(files).filter((one) => one.startsWith('words/en'))) {
    files[path] = JSON.stringify(JSON.parse(files[path] ?? '{}'), (_, value: unknown) => (typeof value === 'string' ? change(value) : value));
  }
}

/** Stands for the desk while its looks are examined: the state of the world is asked for by `sessionStorage.world`. */
export function createDesk(): Desk {
  const { lang } = settings();
  if (!isLang(lang)) disguise(lang === 'en-XA' ? lengthen : mirror);
  const desk = asked.has('request') ? requestDesk(files, asked) : deskOf(asked);
  const names = (list: string | null) => new Set(list?.split(',') ?? []);
  const slow = names(asked.get('slow'));
  const failing = names(asked.get('fail'));
  const failure = new DeskError({ kind: (asked.get('kind') ?? 'internal') as ErrorKind, rule: asked.get('rule') ?? 'http.internal', detail: 'examined', traceId: 'df815ca83a93f9cdeb228d4c03eb582f' });
  return new Proxy(desk, {
    get: (target, name: keyof Desk) => (slow.has(name) ? () => new Promise<never>(() => undefined) : failing.has(name) ? () => Promise.reject(failure) : name === 'onConnection' && asked.has('offline') ? lineIsDown : target[name]),
  });
}

const lineIsDown: Desk['onConnection'] = (hear) => (hear({ online: false, skewSeconds: 0 }), () => undefined);

function deskOf(asked: URLSearchParams): Desk {
  const world = aWorld({ rulebook: { digest: 'r', files } }, asked.get('roles')?.split(','));
  const many = Number(asked.get('many') ?? 0);
  if (many > 0) {
    world.cases = Array.from({ length: many }, (_, number) => aCase(world.now, number, 40 + number * 7));
    world.summaries = Object.fromEntries(world.cases.map((one, number) => [one.case, `Subject of request ${number}`]));
    return Object.assign(memoryDesk(world).desk, { rulebook: async () => ({ digest: 'r', files: await texts() }) });
  }
  if (asked.has('fork')) world.alarms = [{ at: '2026-11-22T02:00:00Z', rule: 'mirror.fork', detail: 'examined', evidence: 'two checkpoints' }];
  if (asked.has('empty')) world.cases = [];
  if (asked.has('ended')) {
    world.session = { state: 'open', identity: anIdentity(), me: { ...me([]), authorities: [] }, expiresAt: '2031-12-31T00:00:00Z' };
    world.ended = asked.get('ended') === 'none' ? [] : kEnded;
  }
  if (asked.has('signed-out')) world.session = { state: 'none' };
  if (asked.has('locked')) world.session = { state: 'locked', identity: anIdentity() };
  if (asked.has('revoked')) world.session = kRevoked;
  const { desk } = memoryDesk(world);
  return Object.assign(desk, asked.has('team') ? teamOf(world) : {}, asked.has('waiting') ? waitingOf(world) : {});
}
