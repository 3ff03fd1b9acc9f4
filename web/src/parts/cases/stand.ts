import type { Case, Clock } from '@/api/desk';

/** How a case stands for one authority: pure, from what the hub says of it. */
export type Stand = 'new' | 'overdue' | 'to-answer' | 'waiting' | 'done';

/** The clocks of `authority` that run, by due time. */
export function runningClocks(one: Case, authority: string): Clock[] {
  return one.clocks.filter((clock) => clock.state === 'running' && clock.owner === authority).sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at));
}

/** The clock to show: ours if one runs, else the earliest of anybody. */
export function leadingClock(one: Case, authority: string): Clock | null {
  return runningClocks(one, authority)[0] ?? one.clocks.find((clock) => clock.state === 'running') ?? null;
}

/** The act that confirms receipt and can be done now. By the name that every kind of the rulebook gives it. */
export function acknowledgement(one: Pick<Case, 'can'>): string | null {
  return one.can.find((type) => /\.(acknowledge|receive)$/.test(type)) ?? null;
}

export function isFinal(one: Case): boolean {
  return one.threads.every((thread) => thread.final);
}

export function standOf(one: Case, authority: string, now: number): Stand {
  if (isFinal(one)) return 'done';
  const clock = runningClocks(one, authority)[0];
  if (!clock) return 'waiting';
  if (Date.parse(clock.due_at) <= now) return 'overdue';
  return one.can.some((type) => type.endsWith('.acknowledge')) ? 'new' : 'to-answer';
}

export function isEmergency(one: Pick<Case, 'label' | 'state'>): boolean {
  return one.label['urgency'] === 'emergency' || one.label['emergency'] === true || one.state === 'emergency';
}

/** The other side, seen from `authority`. */
export function otherSide(one: Pick<Case, 'requesting' | 'requested'>, authority: string): string {
  return one.requesting === authority ? one.requested : one.requesting;
}
