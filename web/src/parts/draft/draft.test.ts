// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Draft, DraftContent } from '@/api/desk';
import { DeskError } from '@/api/error';
import { realRules } from '@/forms/rulebook_for_test';
import { beginDraft, intentionOf, newDraftId } from './make';
import { DraftStore, kSaveAfter } from './store';
import { mergeDrafts, orderOf, partOf, settle, translatable } from './versions';

const rules = await realRules();
const form = rules.form('assistance.request')!;
const begin = (): Draft =>
  beginDraft(rules, 'draft-1', {
    type: 'assistance.request', authority: 'au:fr:central', to: ['au:ke:central'], case: null, reference: null, basis: 'uncc.44', language: 'fr',
    known: { now: new Date('2026-11-22T02:00:00Z'), language: 'fr', authority: 'Autorité centrale' },
  });

/** A desk that keeps what it is given; `fail` lets the next writings fail, `stale` the next sharing. */
function someDesk() {
  const kept: Draft[] = [];
  const shared: { draft: Draft; etag: string | null }[] = [];
  const world = { fail: 0, team: null as DraftContent | null };
  const desk = {
    saveDraft: vi.fn(async (draft: Draft) => {
      if (world.fail-- > 0) throw new DeskError({ kind: 'internal', rule: 'draft.store', detail: 'full' });
      kept.push(draft);
      return '2026-11-22T02:00:00Z';
    }),
    shareDraft: vi.fn(async (draft: Draft, etag: string | null) => {
      if (world.team && etag !== 'e2') throw new DeskError({ kind: 'conflict', rule: 'draft.stale', detail: 'changed' });
      shared.push({ draft, etag });
      return { etag: 'e3', updatedAt: '2026-11-22T02:01:00Z' };
    }),
    openTeamDraft: vi.fn(async () => ({ content: world.team!, etag: 'e2', updatedBy: 'of:fr:b', updatedAt: '2026-11-22T02:00:30Z' })),
  };
  return { desk, kept, shared, world };
}

describe('a new draft', () => {
  test('begins with its ground and with what is known', () => {
    const draft = begin();
    expect(draft.content.answers).toEqual({ basis: 'uncc.44', date: '2026-11-22', language: 'fr', requesting_authority: 'Autorité centrale' });
    expect(draft.content.formDigest).toBe(rules.digest);
    expect(newDraftId()).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(newDraftId()).not.toBe(newDraftId());
  });
  test('goes out on the ground and in the language that its answers name', () => {
    expect(intentionOf(begin(), { basis: 'budapest.31', language: 'es' })).toMatchObject({ basis: 'budapest.31', language: 'es', rulebook: rules.digest });
  });
});

describe('saving', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const type = (store: DraftStore, text: string) => store.answer(form, 'facts', (answers) => ({ ...answers, facts: text }));

  test('waits for a pause of 400 ms, and writes the last text once', async () => {
    const { desk, kept } = someDesk();
    const store = new DraftStore(desk, begin(), '2026-11-22T01:59:00Z', 'k1');
    type(store, 'a');
    await vi.advanceTimersByTimeAsync(kSaveAfter - 1);
    type(store, 'ab');
    await vi.advanceTimersByTimeAsync(kSaveAfter - 1);
    expect(kept).toEqual([]);
    expect(store.current().save.state).toBe('saving');
    await vi.advanceTimersByTimeAsync(1);
    expect(kept.map((draft) => draft.content.answers['facts'])).toEqual(['ab']);
    expect(store.current().save).toEqual({ state: 'saved', at: '2026-11-22T02:00:00Z' });
  });

  test('happens at once when the page goes away', async () => {
    const { desk, kept } = someDesk();
    const store = new DraftStore(desk, begin(), '', 'k1');
    type(store, 'half a sen');
    await store.flush();
    expect(kept.at(-1)?.content.answers['facts']).toBe('half a sen');
    await store.flush();
    expect(kept.length).toBe(1);
  });

  test('that fails is said, keeps the text, and is tried again', async () => {
    const { desk, kept, world } = someDesk();
    world.fail = 1;
    const store = new DraftStore(desk, begin(), '', 'k1');
    type(store, 'kept');
    await vi.advanceTimersByTimeAsync(kSaveAfter);
    expect(store.current().save.state).toBe('unsaved');
    expect(store.current().draft.content.answers['facts']).toBe('kept');
    await vi.advanceTimersByTimeAsync(5000);
    expect(kept.at(-1)?.content.answers['facts']).toBe('kept');
    expect(store.current().save.state).toBe('saved');
  });

  test('what is typed while a save is under way is saved after it', async () => {
    const { desk, kept } = someDesk();
    const store = new DraftStore(desk, begin(), '', 'k1');
    type(store, 'one');
    const first = store.flush();
    type(store, 'two');
    await first;
    expect(store.current().save.state).toBe('saving');
    await vi.advanceTimersByTimeAsync(kSaveAfter);
    expect(kept.map((draft) => draft.content.answers['facts'])).toEqual(['one', 'two']);
  });
});

describe('a shared draft', () => {
  test('goes to the team without what only this device knows, and says when it is behind', async () => {
    const { desk, shared } = someDesk();
    const store = new DraftStore(desk, begin(), '', 'k1');
    await store.share(form);
    expect(store.current().team).toEqual({ state: 'shared', at: '2026-11-22T02:01:00Z', etag: 'e3' });
    expect(shared[0]?.draft.content.notes).not.toHaveProperty('team');
    store.answer(form, 'facts', (answers) => ({ ...answers, facts: 'more' }));
    expect(store.current().team.state).toBe('behind');
    await store.flush();
  });

  test('takes a colleague’s other pages without asking', async () => {
    const { desk, world, shared } = someDesk();
    const draft = begin();
    world.team = { ...draft.content, answers: { ...draft.content.answers, subject: 'theirs' }, versions: { matter: { k2: 1 } } };
    const store = new DraftStore(desk, draft, '', 'k1');
    store.answer(form, 'facts', (answers) => ({ ...answers, facts: 'mine' }));
    await store.share(form);
    expect(store.current().draft.content.answers).toMatchObject({ facts: 'mine', subject: 'theirs' });
    expect(shared.at(-1)?.etag).toBe('e2');
  });

  test('asks a person where both wrote the same page, and loses neither text', async () => {
    const { desk, world, shared } = someDesk();
    const draft = begin();
    world.team = { ...draft.content, answers: { ...draft.content.answers, facts: 'theirs' }, versions: { facts: { k2: 1 } } };
    const store = new DraftStore(desk, draft, '', 'k1');
    store.answer(form, 'facts', (answers) => ({ ...answers, facts: 'mine' }));
    await store.share(form);
    const team = store.current().team;
    if (team.state !== 'conflict') throw new Error(team.state);
    expect(team.merged.conflicts).toEqual(['facts']);
    expect(shared).toEqual([]);
    expect(partOf(form, team.theirs, 'facts')).toEqual({ facts: 'theirs' });
    expect(store.current().draft.content.answers['facts']).toBe('mine');
    await store.settle(settle(form, store.current().draft.content, team.theirs, 'facts', 'theirs', 'k1'), team.etag);
    expect(store.current().draft.content.answers['facts']).toBe('theirs');
    expect(store.current().draft.content.versions['facts']).toEqual({ k1: 2, k2: 1 });
    expect(shared.at(-1)?.etag).toBe('e2');
  });
});

describe('version vectors', () => {
  test.each([
    [{}, {}, 'same'],
    [{ a: 1 }, {}, 'newer'],
    [{ a: 1 }, { a: 2 }, 'older'],
    [{ a: 1 }, { b: 1 }, 'apart'],
    [{ a: 2, b: 1 }, { a: 2, b: 1 }, 'same'],
  ] as const)('%j stands to %j: %s', (a, b, order) => {
    expect(orderOf(a, b)).toBe(order);
  });
  test('the same text written twice is no conflict', () => {
    const content = begin().content;
    const mine = { ...content, answers: { facts: 'x' }, versions: { facts: { a: 1 } } };
    const theirs = { ...content, answers: { facts: 'x' }, versions: { facts: { b: 1 } } };
    expect(mergeDrafts(form, mine, theirs)).toMatchObject({ conflicts: [], content: { versions: { facts: { a: 1, b: 1 } } } });
  });
  test('only free text is for a translator', () => {
    expect(translatable(form)).toContain('facts');
    expect(translatable(form)).not.toContain('urgency');
    expect(translatable(form)).not.toContain('date');
  });
});
