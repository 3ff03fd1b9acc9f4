// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { refused } from '../../tests/kit/vectors';

import type { Door } from './door';
import { fetchWithSummaries } from './open';

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `act${i}`);
const record = (id: string): object => ({ id, act: `body of ${id}`, receipt: `receipt of ${id}`, delivery: [], sealed: [{ h: `hash of ${id}`, jwe: `sealed for ${id}` }] });

/** A hub of which only this one question is asked; `answer` is told the ids of each request. */
function door(asked: string[][], answer: (ids: readonly string[]) => unknown): Door {
  const unasked = (): never => { throw new Error('not asked here'); };
  return {
    json: async (path) => {
      const url = new URL(path, 'https://hub.test');
      expect([url.pathname, url.searchParams.get('sealed')]).toEqual(['/v1/acts', 'sum']);
      asked.push((url.searchParams.get('ids') ?? '').split(','));
      return answer(asked.at(-1)!);
    },
    text: unasked, publicText: unasked, publicBytes: unasked, submit: unasked, pause: unasked,
  };
}

describe('many acts with their summaries', () => {
  it('are asked for by the hundred, each with what is sealed beside it', async () => {
    const asked: string[][] = [];
    const found = await fetchWithSummaries(door(asked, (some) => ({ items: some.map(record), next: null })), ids(201));
    expect(asked.map((some) => some.length)).toEqual([100, 100, 1]);
    expect([...found.keys()].sort()).toEqual(ids(201).sort());
    expect(found.get('act7')).toEqual({ body: 'body of act7', receipt: 'receipt of act7', delivery: [], sealed: new Map([['hash of act7', 'sealed for act7']]) });
    expect(await fetchWithSummaries(door(asked, () => null), [])).toEqual(new Map());
    expect(asked).toHaveLength(3);
  });
  it('come in parts where they are too many bytes, and without those that are not for the reader', async () => {
    const asked: string[][] = [];
    const hub = door(asked, (some) => ({ items: some.slice(0, 2).filter((id) => id !== 'act3').map(record), next: some[2] ?? null }));
    const found = await fetchWithSummaries(hub, ids(5));
    expect(asked).toEqual([ids(5), ids(5).slice(2), ids(5).slice(4)]);
    expect([...found.keys()]).toEqual(['act0', 'act1', 'act2', 'act4']);
  });
  it('are not believed from a hub that gives a part and no way to the rest, or an act without its body', async () => {
    for (const next of ['act0', 'another', 7, undefined]) expect(await refused(() => fetchWithSummaries(door([], () => ({ items: [record('act0')], next })), ids(3)))).toBe('act.record');
    expect(await refused(() => fetchWithSummaries(door([], () => ({ items: [{ id: 'act0', receipt: '' }], next: null })), ids(1)))).toBe('act.record');
  });
});
