// One draft while it is open: every change is in memory at once, on this device after 400 ms, and for the team when it is
// shared. What is typed is never lost: a change that could not be saved stays in memory, is said in words, and is tried again.

import type { Desk, Draft, DraftContent, Time } from '@/api/desk';
import { DeskError } from '@/api/error';
import type { Form, Json } from '@/forms';
import { bump, mergeDrafts, sectionOf, type Merged } from './versions';

export type SaveState =
  | { state: 'saved'; at: Time }
  | { state: 'saving' }
  | { state: 'unsaved'; error: unknown };
export type TeamState = { state: 'none' } | { state: 'shared'; at: Time; etag: string } | { state: 'behind'; at: Time; etag: string } | { state: 'conflict'; merged: Merged; theirs: DraftContent; etag: string };

export interface OpenDraft {
  draft: Draft;
  save: SaveState;
  team: TeamState;
}

export const kSaveAfter = 400;
const kTryAgainAfter = 5000;

export class DraftStore {
  #now: OpenDraft;
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #dirty = false;

  constructor(private readonly desk: Pick<Desk, 'saveDraft' | 'shareDraft' | 'openTeamDraft'>, draft: Draft, savedAt: Time, private readonly device: string) {
    this.#now = { draft, save: { state: 'saved', at: savedAt }, team: teamOf(draft) };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  current = (): OpenDraft => this.#now;

  /** Changes one part of the draft (a section of its form, or `#summary` and its like). */
  change(part: string, change: (content: DraftContent) => DraftContent): void {
    const content = bump(change(this.#now.draft.content), part, this.device);
    this.#put(content);
  }
  /** Sets one answer; `field` is the first step of its path. */
  answer(form: Form, field: string, change: (answers: { readonly [field: string]: Json }) => { readonly [field: string]: Json }): void {
    this.change(sectionOf(form, field) ?? '#unknown', (content) => ({ ...content, answers: change(content.answers) }));
  }
  /** Notes and states of pages: saved, but nothing that two people could disagree about. */
  note(change: (content: DraftContent) => DraftContent): void {
    this.#put(change(this.#now.draft.content));
  }

  /** Writes at once what waits: when the page is left, hidden, or closed. */
  async flush(): Promise<void> {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#dirty) this.#write();
    await this.#writing;
  }

  /** Gives the team the present state. Where a colleague has written too, parts are put together; what both changed is for a person. */
  async share(form: Form): Promise<void> {
    await this.flush();
    const { draft, team } = this.#now;
    const etag = team.state === 'none' ? null : team.etag;
    try {
      this.#shared(await this.desk.shareDraft(forTeam(draft), etag));
    } catch (error) {
      if (!(error instanceof DeskError) || error.kind !== 'conflict') throw error;
      await this.#meet(form);
    }
  }
  /** A person has decided every part in conflict. */
  async settle(content: DraftContent, etag: string): Promise<void> {
    this.#put(content);
    await this.flush();
    this.#shared(await this.desk.shareDraft(forTeam(this.#now.draft), etag));
  }

  async #meet(form: Form): Promise<void> {
    const { draft } = this.#now;
    const theirs = await this.desk.openTeamDraft(draft.authority, draft.id);
    const merged = mergeDrafts(form, draft.content, theirs.content);
    this.#put(merged.content);
    if (merged.conflicts.length > 0) {
      this.#set({ team: { state: 'conflict', merged, theirs: theirs.content, etag: theirs.etag } });
      return;
    }
    await this.flush();
    this.#shared(await this.desk.shareDraft(forTeam(this.#now.draft), theirs.etag));
  }
  #shared({ etag, updatedAt }: { etag: string; updatedAt: Time }): void {
    this.#set({ team: { state: 'shared', at: updatedAt, etag } });
    this.note((content) => ({ ...content, notes: { ...content.notes, team: { etag, at: updatedAt } } }));
    this.#set({ team: { state: 'shared', at: updatedAt, etag } });
  }
  #put(content: DraftContent): void {
    const team = this.#now.team;
    this.#dirty = true;
    this.#set({
      draft: { ...this.#now.draft, content }, save: { state: 'saving' },
      ...(team.state === 'shared' ? { team: { ...team, state: 'behind' as const } } : {}),
    });
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), kSaveAfter);
  }
  #write(): void {
    this.#timer = undefined;
    this.#dirty = false;
    const { draft } = this.#now;
    this.#writing = this.#writing.then(async () => {
      try {
        const at = await this.desk.saveDraft(draft);
        if (!this.#dirty) this.#set({ save: { state: 'saved', at } });
      } catch (error) {
        this.#dirty = true;
        this.#set({ save: { state: 'unsaved', error } });
        this.#timer ??= setTimeout(() => this.#write(), kTryAgainAfter);
      }
    });
  }
  #set(change: Partial<OpenDraft>): void {
    this.#now = { ...this.#now, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** What this device remembers of the team's copy is no business of the team's copy. */
function forTeam(draft: Draft): Draft {
  const { team: _, ...notes } = draft.content.notes;
  return { ...draft, content: { ...draft.content, notes } };
}
function teamOf(draft: Draft): TeamState {
  const team = draft.content.notes['team'];
  if (typeof team !== 'object' || team === null || Array.isArray(team)) return { state: 'none' };
  const { etag, at } = team as { etag?: Json; at?: Json };
  return typeof etag === 'string' && typeof at === 'string' ? { state: 'shared', etag, at } : { state: 'none' };
}
