import { describe, expect, test, vi } from 'vitest';
import type { Case, Clock, Summary } from '@/api/desk';
import { acknowledgement, leadingClock, standOf, SummaryStore, withPresence } from '.';

const MINE = 'au:ke:central-authority';
const THEIRS = 'au:fr:central-authority';
const NOON = Date.parse('2026-11-22T12:00:00Z');

function clock(owner: string, due_at: string, state: Clock['state'] = 'running'): Clock {
  return { id: 'assistance.acknowledge', kind: 'assistance', owner, started_at: '2026-11-21T12:00:00Z', due_at, state, alarms: [] };
}

function aCase(change: Partial<Case> = {}): Case {
  const thread = { kind: 'assistance', state: 'requested', final: false, basis: 'uncc.44', requesting: THEIRS, requested: MINE, label: {} };
  return {
    case: 'c1', reference: 'FR-2026-00017', kind: 'assistance', state: 'requested', threads: [thread], requesting: THEIRS, requested: MINE, parties: [MINE, THEIRS], basis: 'uncc.44', label: {},
    rulebook: 'r', opened_at: '2026-11-21T12:00:00Z', changed_at: '2026-11-21T12:00:00Z', last_index: 1, turn: MINE, clocks: [], summary: null, can: [], ...change,
  };
}

describe('how a case stands', () => {
  test('is new while its receipt can be acknowledged', () => expect(standOf(aCase({ clocks: [clock(MINE, '2026-11-22T13:00:00Z')], can: ['assistance.acknowledge'] }), MINE, NOON)).toBe('new'));
  test('is overdue once our clock has passed', () => expect(standOf(aCase({ clocks: [clock(MINE, '2026-11-22T11:00:00Z')], can: ['assistance.acknowledge'] }), MINE, NOON)).toBe('overdue'));
  test('is waiting where only the others have a clock', () => expect(standOf(aCase({ clocks: [clock(THEIRS, '2026-11-22T11:00:00Z')] }), MINE, NOON)).toBe('waiting'));
  test('does not run on a stopped clock', () => expect(standOf(aCase({ clocks: [clock(MINE, '2026-11-22T11:00:00Z', 'stopped')] }), MINE, NOON)).toBe('waiting'));
  test('is done when every thread is final', () => {
    const one = aCase({ clocks: [clock(MINE, '2026-11-22T11:00:00Z')] });
    expect(standOf({ ...one, threads: one.threads.map((thread) => ({ ...thread, final: true })) }, MINE, NOON)).toBe('done');
  });
});

describe('the clock to show', () => {
  test('is ours before an earlier one of the others', () => {
    const ours = clock(MINE, '2026-11-23T12:00:00Z');
    expect(leadingClock(aCase({ clocks: [clock(THEIRS, '2026-11-22T13:00:00Z'), ours] }), MINE)).toBe(ours);
  });
});

describe('an acknowledgement', () => {
  test('is what the hub says that can be done, by the rulebook’s name', () => {
    expect(acknowledgement({ can: ['assistance.refuse', 'assistance.acknowledge'] })).toBe('assistance.acknowledge');
    expect(acknowledgement({ can: ['spontaneous.receive'] })).toBe('spontaneous.receive');
    expect(acknowledgement({ can: ['assistance.refuse'] })).toBeNull();
  });
});

describe('summaries', () => {
  const withSummary = (id: string) => aCase({ case: id, summary: { act: 'a', h: id, n: 1 } });
  const open: Summary = { state: 'open', text: 'x', verdict: { steps: [], good: true } };
  test('are opened in one batch, each once', async () => {
    const opened = vi.fn(async (_: string, cases: readonly Case[]) => Object.fromEntries(cases.map((one) => [one.case, open])));
    const store = new SummaryStore(opened);
    await store.want(MINE, [withSummary('a'), withSummary('b'), aCase()]);
    await store.want(MINE, [withSummary('a'), withSummary('c')]);
    expect(opened.mock.calls.map(([, cases]) => cases.map((one) => one.case))).toEqual([['a', 'b'], ['c']]);
    expect(store.get(withSummary('a'))).toBe(open);
    expect(store.get(aCase())).toEqual({ state: 'none' });
  });
  test('that failed for the connection are asked for again', async () => {
    const opened = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue({ a: open });
    const store = new SummaryStore(opened);
    await store.want(MINE, [withSummary('a')]);
    expect(store.get(withSummary('a'))).toBeUndefined();
    await store.want(MINE, [withSummary('a')]);
    expect(store.get(withSummary('a'))).toBe(open);
  });
});

describe('presence', () => {
  const event = (officer: string, state: 'reading' | 'left') => ({ case: 'c1', reference: 'r', officer, state, at: '2026-11-22T12:00:00Z' });
  test('holds until somebody leaves', () => {
    const both = withPresence(withPresence(new Map(), event('of:a', 'reading'), 0), event('of:b', 'reading'), 1);
    expect(both.get('c1')?.map((one) => one.officer)).toEqual(['of:a', 'of:b']);
    expect(withPresence(both, event('of:a', 'left'), 2).get('c1')?.map((one) => one.officer)).toEqual(['of:b']);
  });
  test('lapses after a minute of silence', () => {
    const one = withPresence(new Map(), event('of:a', 'reading'), 0);
    expect(withPresence(one, event('of:b', 'reading'), 61_000).get('c1')?.map((person) => person.officer)).toEqual(['of:b']);
  });
});
