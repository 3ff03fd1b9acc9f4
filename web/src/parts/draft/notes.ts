// Two voices that never leave the authority: notes of the team on a case, sealed to the authority's own ring, and what
// only I wrote, on this device. Both live beside the drafts and are no drafts: nothing of them can be sent.

import type { Desk, Draft, DraftContent, Time } from '@/api/desk';
import { DeskError } from '@/api/error';
import { isObject, type Json } from '@/forms';

/** The form of a draft that is none. */
export const kNoteForm = 'note';

export interface Note {
  by: string;
  at: Time;
  text: string;
  /** For one colleague; without it for everybody. All of them can read it. */
  to?: string;
}

/** The same 16 bytes for everybody who looks at the case, so that one team has one page of notes. */
async function idOf(voice: 'team' | 'own' | 'page', what: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`entraide notes ${voice} ${what}`)));
  return btoa(String.fromCharCode(...digest.subarray(0, 16))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Of the one page that an authority's team shares, whatever the case. */
export const teamPageId = (authority: string): Promise<string> => idOf('page', authority);

function contentOf(authority: string, caseId: string, notes: { readonly [name: string]: Json }): DraftContent {
  return {
    intention: { type: '', authority, to: [], case: caseId, basis: '', answers: {}, language: '', summary: '', translations: [], files: [] },
    form: kNoteForm, formDigest: '', answers: {}, translations: [], versions: {}, sections: {}, notes,
  };
}

function notesIn(content: DraftContent): Note[] {
  const list = content.notes['notes'];
  const all: readonly unknown[] = Array.isArray(list) ? list : [];
  return all.flatMap((one) => (isObject(one) && typeof one['by'] === 'string' && typeof one['at'] === 'string' && typeof one['text'] === 'string' ? [{ by: one['by'], at: one['at'], text: one['text'], ...(typeof one['to'] === 'string' ? { to: one['to'] } : {}) }] : []));
}

type Drafts = Pick<Desk, 'openTeamDraft' | 'shareDraft'>;

export async function loadTeamNotes(desk: Drafts, authority: string, caseId: string): Promise<{ notes: Note[]; etag: string | null }> {
  try {
    const { content, etag } = await desk.openTeamDraft(authority, await idOf('team', caseId));
    return { notes: notesIn(content), etag };
  } catch (error) {
    if (error instanceof DeskError && error.kind === 'not_found') return { notes: [], etag: null };
    throw error;
  }
}

/** Adds a note; where a colleague added one meanwhile, after theirs. */
export async function addTeamNote(desk: Drafts, authority: string, caseId: string, kind: string, note: Note): Promise<Note[]> {
  for (let attempt = 0; ; ++attempt) {
    const { notes, etag } = await loadTeamNotes(desk, authority, caseId);
    const all = [...notes, note];
    const draft: Draft = { id: await idOf('team', caseId), authority, kind, form: kNoteForm, content: contentOf(authority, caseId, { notes: all as unknown as Json }) };
    try {
      await desk.shareDraft(draft, etag);
      return all;
    } catch (error) {
      if (!(error instanceof DeskError) || error.kind !== 'conflict' || attempt >= 3) throw error;
    }
  }
}

export async function loadOwnNote(desk: Pick<Desk, 'loadDraft'>, caseId: string): Promise<string> {
  const draft = await desk.loadDraft(await idOf('own', caseId));
  const text = draft?.content.notes['text'];
  return typeof text === 'string' ? text : '';
}

export async function saveOwnNote(desk: Pick<Desk, 'saveDraft'>, authority: string, caseId: string, kind: string, text: string): Promise<void> {
  await desk.saveDraft({ id: await idOf('own', caseId), authority, kind, form: kNoteForm, content: contentOf(authority, caseId, { text }) });
}
