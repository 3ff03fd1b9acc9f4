import type { Desk } from '@/api/desk';
import { DeskError, type ErrorKind } from '@/api/error';
import { requestDesk } from './request_desk';
import { aCase, aWorld, anIdentity, memoryDesk } from '../memory_desk';

const texts = import.meta.glob<string>('../../../rulebook/{*.json,forms/*.json,instruments/*.json,kinds/*.json,profiles/*.json,vocab/*.json,words/**/*.json}', { query: '?raw', import: 'default', eager: true });
const files = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.slice(path.indexOf('/rulebook/') + '/rulebook/'.length), text]));

/** Stands for the desk while its looks are examined: the state of the world is asked for by `sessionStorage.world`. */
export function createDesk(): Desk {
  const asked = new URLSearchParams(sessionStorage.getItem('world') ?? '');
  if (asked.has('request')) return requestDesk(files, asked);
  const world = aWorld({ rulebook: { digest: 'r', files } }, asked.get('roles')?.split(','));
  const many = Number(asked.get('many') ?? 0);
  if (many > 0) {
    world.cases = Array.from({ length: many }, (_, number) => aCase(world.now, number, 40 + number * 7));
    world.summaries = Object.fromEntries(world.cases.map((one, number) => [one.case, `Subject of request ${number}`]));
  }
  if (asked.has('empty')) world.cases = [];
  if (asked.has('signed-out')) world.session = { state: 'none' };
  if (asked.has('locked')) world.session = { state: 'locked', identity: anIdentity() };
  world.online = !asked.has('offline');
  const kind = (asked.get('kind') ?? 'internal') as ErrorKind;
  for (const name of asked.get('fail')?.split(',') ?? []) world.failing[name as keyof Desk] = new DeskError({ kind, rule: asked.get('rule') ?? 'http.internal', detail: 'examined', traceId: 'df815ca83a93f9cdeb228d4c03eb582f' });
  const { desk } = memoryDesk(world);
  if (!asked.has('slow')) return desk;
  const never = () => new Promise<never>(() => undefined);
  return new Proxy(desk, { get: (target, name: keyof Desk) => (name === 'cases' || name === 'directory' ? never : target[name]) });
}
