// The page of a team: what the last shift left, who asked whom, and which reminders rest. Sealed to the authority's own ring as
// a draft that is none, so that every colleague opens it and the hub does not.

import type { Desk, DraftContent, Time } from '@/api/desk';
import { DeskError } from '@/api/error';
import { isObject, type Json } from '@/forms';
import { kNoteForm, teamPageId } from '@/parts/draft';

/** A reminder that rests until a time. The clock goes on. */
export interface Snooze {
  case: string;
  until: Time;
  by: string;
}
/** A question to one colleague, inside the authority. */
export interface Ask {
  id: string;
  case: string;
  reference: string;
  by: string;
  to: string;
  at: Time;
  done: Time | null;
}
export interface HandedCase {
  case: string;
  reference: string;
  state: 'overdue' | 'soon' | 'open' | 'waiting';
  dueAt: Time | null;
}
export interface HandOver {
  id: string;
  by: string;
  at: Time;
  cases: HandedCase[];
  promised: string;
  note: string;
  taken: { by: string; at: Time } | null;
}
export interface TeamPage {
  snoozes: Snooze[];
  asks: Ask[];
  handOvers: HandOver[];
}

export const kNoTeamPage: TeamPage = { snoozes: [], asks: [], handOvers: [] };
const kHandOversKept = 20;
const kAsksKept = 200;

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const textOrNull = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const objects = (value: Json | undefined): { readonly [name: string]: Json }[] => (Array.isArray(value) ? (value as Json[]).filter(isObject) : []);

/** What a colleague's desk wrote, in whatever version: what is not understood is left out. */
export function readTeamPage(notes: { readonly [name: string]: Json }): TeamPage {
  const states = ['overdue', 'soon', 'open', 'waiting'] as const;
  return {
    snoozes: objects(notes['snoozes']).map((one) => ({ case: text(one['case']), until: text(one['until']), by: text(one['by']) })),
    asks: objects(notes['asks']).map((one) => ({ id: text(one['id']), case: text(one['case']), reference: text(one['reference']), by: text(one['by']), to: text(one['to']), at: text(one['at']), done: textOrNull(one['done']) })),
    handOvers: objects(notes['handOvers']).map((one) => ({
      id: text(one['id']), by: text(one['by']), at: text(one['at']), promised: text(one['promised']), note: text(one['note']),
      cases: objects(one['cases']).map((item) => ({ case: text(item['case']), reference: text(item['reference']), state: states.find((state) => state === item['state']) ?? 'open', dueAt: textOrNull(item['dueAt']) })),
      taken: isObject(one['taken']) ? { by: text(one['taken']['by']), at: text(one['taken']['at']) } : null,
    })),
  };
}

/** What is over goes: reminders of the past, answered questions beyond the newest, hand-overs of long ago. */
export function tidied(page: TeamPage, now: number): TeamPage {
  const open = page.asks.filter((one) => one.done === null);
  const done = page.asks.filter((one) => one.done !== null).slice(-Math.max(0, kAsksKept - open.length));
  return { snoozes: page.snoozes.filter((one) => Date.parse(one.until) > now), asks: [...done, ...open], handOvers: page.handOvers.slice(-kHandOversKept) };
}

type Drafts = Pick<Desk, 'openTeamDraft' | 'shareDraft'>;

export async function loadTeamPage(desk: Drafts, authority: string): Promise<{ page: TeamPage; etag: string | null }> {
  try {
    const { content, etag } = await desk.openTeamDraft(authority, await teamPageId(authority));
    return { page: readTeamPage(content.notes), etag };
  } catch (error) {
    if (error instanceof DeskError && error.kind === 'not_found') return { page: kNoTeamPage, etag: null };
    throw error;
  }
}

/** Changes the page as it stands now; where a colleague was faster, as it stands then. `kind`: any kind of the rulebook, for the label. */
export async function changeTeamPage(desk: Drafts, authority: string, kind: string, now: number, change: (page: TeamPage) => TeamPage): Promise<TeamPage> {
  for (let attempt = 0; ; ++attempt) {
    const { page, etag } = await loadTeamPage(desk, authority);
    const next = tidied(change(page), now);
    const content: DraftContent = {
      intention: { type: '', authority, to: [], case: null, basis: '', answers: {}, language: '', summary: '', translations: [], files: [] },
      form: kNoteForm, formDigest: '', answers: {}, translations: [], versions: {}, sections: {}, notes: next as unknown as { [name: string]: Json },
    };
    try {
      await desk.shareDraft({ id: await teamPageId(authority), authority, kind, form: kNoteForm, content }, etag);
      return next;
    } catch (error) {
      if (!(error instanceof DeskError) || error.kind !== 'conflict' || attempt >= 3) throw error;
    }
  }
}
