import type { Snooze } from './page';

/** As an alarm knows it. */
export interface Ringing {
  readonly case: string;
  readonly class: 'A' | 'B' | 'C';
  readonly dueAt: number;
}

/** Until when a reminder rests; null: it does not. What rings loudest never rests beyond its due time, whenever it was put to rest. */
export function restsUntil(ring: Ringing, snoozes: readonly Snooze[], now: number): number | null {
  const latest = Math.max(0, ...snoozes.filter((one) => one.case === ring.case).map((one) => Date.parse(one.until)).filter((until) => !Number.isNaN(until)));
  const until = ring.class === 'A' ? Math.min(latest, ring.dueAt) : latest;
  return until > now ? until : null;
}

const MINUTE = 60_000;
export const kRests = { half: 30 * MINUTE, two: 120 * MINUTE, eight: 480 * MINUTE } as const;
export type Rest = keyof typeof kRests | 'due';

/** For how long this reminder may rest now. */
export function restsOf(ring: Ringing, now: number): Rest[] {
  const fixed = (Object.keys(kRests) as (keyof typeof kRests)[]).filter((rest) => ring.class !== 'A' || now + kRests[rest] < ring.dueAt);
  return [...fixed, ...(ring.dueAt > now ? (['due'] as const) : [])];
}
export const restEnds = (rest: Rest, ring: Ringing, now: number): number => (rest === 'due' ? ring.dueAt : now + kRests[rest]);
