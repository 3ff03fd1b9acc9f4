import type { Case } from '@/api/desk';
import { isFinal, runningClocks } from '@/parts/cases';
import type { HandedCase } from '@/parts/team';

const SOON = 12 * 3_600_000;
const RANK = { overdue: 0, soon: 1, open: 2, waiting: 3 } as const;

/** What the next shift takes over: pure, from the labels of the open cases. The most pressing first. */
export function handedCases(cases: readonly Case[], authority: string, now: number): HandedCase[] {
  const handed = cases.filter((one) => !isFinal(one)).map((one): HandedCase => {
    const clock = runningClocks(one, authority)[0];
    const left = clock === undefined ? null : Date.parse(clock.due_at) - now;
    const state = left === null ? 'waiting' : left <= 0 ? 'overdue' : left < SOON ? 'soon' : 'open';
    return { case: one.case, reference: one.reference, state, dueAt: clock?.due_at ?? null };
  });
  return handed.sort((a, b) => RANK[a.state] - RANK[b.state] || (a.dueAt ?? '').localeCompare(b.dueAt ?? '') || a.reference.localeCompare(b.reference));
}
