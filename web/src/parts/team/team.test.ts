import { describe, expect, test } from 'vitest';
import type { Desk, Draft, DraftContent } from '@/api/desk';
import { DeskError } from '@/api/error';
import { changeTeamPage, kNoTeamPage, loadTeamPage, readTeamPage, tidied, type HandOver, type TeamPage } from './page';
import { restEnds, restsOf, restsUntil, type Ringing } from './snooze';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const OWN = 'au:ke:contact-point';

/** The hub's shelf of one team: a writer who has not seen the newest version is refused. */
function shelf() {
  let kept: { content: DraftContent; etag: string } | null = null;
  let before: (() => Promise<void>) | null = null;
  const desk: Pick<Desk, 'openTeamDraft' | 'shareDraft'> = {
    openTeamDraft: async () => {
      if (kept === null) throw new DeskError({ kind: 'not_found', rule: 'api.not_found', detail: '' });
      return { ...kept, updatedBy: 'of:ke:x', updatedAt: at(NOW) };
    },
    shareDraft: async (draft: Draft, etag) => {
      const faster = before;
      before = null;
      await faster?.();
      if ((kept?.etag ?? null) !== etag) throw new DeskError({ kind: 'conflict', rule: 'draft.stale', detail: '' });
      kept = { content: JSON.parse(JSON.stringify(draft.content)) as DraftContent, etag: String(Number(kept?.etag ?? 0) + 1) };
      return { etag: kept.etag, updatedAt: at(NOW) };
    },
  };
  return { desk, beforeNextWrite: (work: () => Promise<void>) => (before = work) };
}
const handOver = (id: string): HandOver => ({ id, by: 'of:ke:a', at: at(NOW), cases: [{ case: 'c', reference: 'KE-1', state: 'soon', dueAt: at(NOW + HOUR) }], promised: 'An answer by noon', note: 'Quiet night', taken: null });
const add = (id: string) => (page: TeamPage): TeamPage => ({ ...page, handOvers: [...page.handOvers, handOver(id)] });

describe('the page of a team', () => {
  test('is empty before the first word, and keeps what is written', async () => {
    const { desk } = shelf();
    expect(await loadTeamPage(desk, OWN)).toEqual({ page: kNoTeamPage, etag: null });
    await changeTeamPage(desk, OWN, 'assistance', NOW, add('one'));
    expect((await loadTeamPage(desk, OWN)).page.handOvers).toEqual([handOver('one')]);
  });
  test('loses nothing to a colleague who was faster', async () => {
    const { desk, beforeNextWrite } = shelf();
    beforeNextWrite(async () => void (await changeTeamPage(desk, OWN, 'assistance', NOW, add('theirs'))));
    await changeTeamPage(desk, OWN, 'assistance', NOW, add('mine'));
    expect((await loadTeamPage(desk, OWN)).page.handOvers.map((one) => one.id)).toEqual(['theirs', 'mine']);
  });
  test('leaves out what it does not understand', () => {
    expect(readTeamPage({ snoozes: 'x', asks: [1, { id: 'a' }], handOvers: [{ cases: [{ state: 'odd' }], taken: 'no' }] })).toEqual({
      snoozes: [], asks: [{ id: 'a', case: '', reference: '', by: '', to: '', at: '', done: null }],
      handOvers: [{ id: '', by: '', at: '', promised: '', note: '', cases: [{ case: '', reference: '', state: 'open', dueAt: null }], taken: null }],
    });
  });
  test('forgets reminders of the past and settled questions beyond the newest, never an open one', () => {
    const ask = (id: number, done: boolean) => ({ id: String(id), case: 'c', reference: 'r', by: 'a', to: 'b', at: at(NOW), done: done ? at(NOW) : null });
    const asks = [...Array.from({ length: 300 }, (_, i) => ask(i, true)), ...Array.from({ length: 3 }, (_, i) => ask(1000 + i, false))];
    const page = tidied({ snoozes: [{ case: 'old', until: at(NOW - 1), by: 'a' }, { case: 'new', until: at(NOW + 1), by: 'a' }], asks, handOvers: Array.from({ length: 30 }, (_, i) => handOver(String(i))) }, NOW);
    expect(page.snoozes.map((one) => one.case)).toEqual(['new']);
    expect(page.asks).toHaveLength(200);
    expect(page.asks.filter((one) => one.done === null)).toHaveLength(3);
    expect(page.handOvers.map((one) => one.id)).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 10)));
  });
});

describe('a reminder that rests', () => {
  const ring = (cls: Ringing['class'], dueIn: number): Ringing => ({ case: 'c', class: cls, dueAt: NOW + dueIn });
  const until = (ms: number) => [{ case: 'c', until: at(NOW + ms), by: 'a' }];
  test('rests until its time, for its case alone', () => {
    expect(restsUntil(ring('B', 5 * HOUR), until(2 * HOUR), NOW)).toBe(NOW + 2 * HOUR);
    expect(restsUntil(ring('B', 5 * HOUR), until(-1), NOW)).toBeNull();
    expect(restsUntil({ ...ring('B', HOUR), case: 'other' }, until(HOUR), NOW)).toBeNull();
  });
  test('of the loudest class never rests beyond its due time, whenever it was put to rest', () => {
    expect(restsUntil(ring('A', 10 * 60_000), until(8 * HOUR), NOW)).toBe(NOW + 10 * 60_000);
    expect(restsUntil(ring('A', -1), until(8 * HOUR), NOW)).toBeNull();
    expect(restsOf(ring('A', 45 * 60_000), NOW)).toEqual(['half', 'due']);
    expect(restsOf(ring('A', -1), NOW)).toEqual([]);
  });
  test('of a softer class can rest over its due time', () => {
    expect(restsOf(ring('C', -HOUR), NOW)).toEqual(['half', 'two', 'eight']);
    expect(restEnds('due', ring('B', HOUR), NOW)).toBe(NOW + HOUR);
    expect(restEnds('eight', ring('B', HOUR), NOW)).toBe(NOW + 8 * HOUR);
  });
  test('is not moved by a time that is none', () => expect(restsUntil(ring('B', HOUR), [{ case: 'c', until: 'soon', by: 'a' }], NOW)).toBeNull());
});
