import type { Case } from '@/api/desk';
import { acknowledgement, isEmergency, runningClocks } from '@/parts/cases';

const HOUR = 3_600_000;
/** B: due within a shift. */
const SHIFT = 8 * HOUR;

/** A: a life at risk, or a clock under one hour. B: due within the shift. C: the list is enough. */
export type AlarmClass = 'A' | 'B' | 'C';

/** Something that rings. Its id changes when its clock does, so that a new time limit rings anew. */
export type Ring = { id: string; class: AlarmClass; case: string; reference: string; dueAt: number };

/** What rings for `authority`, the earliest due first. Only labels and clocks are looked at, never content. */
export function ringsOf(cases: readonly Case[], authority: string, now: number): Ring[] {
  const rings: Ring[] = [];
  for (const one of cases) {
    const clock = runningClocks(one, authority)[0];
    if (!clock) continue;
    const dueAt = Date.parse(clock.due_at);
    rings.push({ id: `${one.case}/${clock.id}/${clock.due_at}`, class: classOf(one, dueAt, now), case: one.case, reference: one.reference, dueAt });
  }
  return rings.sort((a, b) => a.dueAt - b.dueAt);
}

/** What can be acknowledged rings until it is; any other clock rings around its end only, and stays red on the screen. */
function classOf(one: Case, dueAt: number, now: number): AlarmClass {
  const left = dueAt - now;
  if (acknowledgement(one) !== null) {
    if (isEmergency(one) || left < HOUR) return 'A';
  } else if (Math.abs(left) < HOUR) return 'A';
  return left > 0 && left < SHIFT ? 'B' : 'C';
}
