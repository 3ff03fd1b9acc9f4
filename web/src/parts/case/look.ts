// How a case looks from one authority: the other side, whose turn it is, which act opened it.

import type { Case, OpenedAct, OpenedCase, Verdict } from '@/api/desk';
import type { ProofState } from '@/ui';

/** The other authority of the main thread; where we are neither, the requested one. */
export function otherSide(file: Pick<Case, 'requesting' | 'requested'>, authority: string): string {
  return file.requesting === authority ? file.requested : file.requested === authority ? file.requesting : file.requested;
}

export type Turn = { whose: 'mine' | 'theirs' | 'nobody'; clock: string | null; dueAt: string | null };

/** Whose running clock is due first. */
export function turnOf(file: Pick<Case, 'turn' | 'clocks'>, authority: string): Turn {
  const next = file.clocks.find((clock) => clock.state === 'running');
  if (file.turn === null || !next) return { whose: 'nobody', clock: null, dueAt: null };
  return { whose: file.turn === authority ? 'mine' : 'theirs', clock: next.id, dueAt: next.due_at };
}

/** The act that opened the case, whose document is the request. */
export function openingAct(opened: OpenedCase): OpenedAct | null {
  return opened.acts[0] ?? null;
}

export function markOf(act: { readonly index: number; readonly verdict: Verdict }): ProofState {
  if (act.verdict.steps.some((step) => step.finding === 'fails')) return { state: 'failed' };
  return act.verdict.good ? { state: 'verified', index: act.index } : { state: 'unchecked' };
}

/** Something was checked and said no: what this act says may not be what was signed. */
export function hasFailed(verdict: Verdict): boolean {
  return verdict.steps.some((step) => step.finding === 'fails');
}

/** The language in which a document was written, where its form says so. */
export function languageOf(act: OpenedAct | null): string | undefined {
  const language = act?.document?.answers['language'];
  return typeof language === 'string' ? language : undefined;
}
