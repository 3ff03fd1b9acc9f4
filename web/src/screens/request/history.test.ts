import { expect, test } from 'vitest';
import { words as en } from '@/i18n/words/en';
import { translator } from '@/i18n/translate';
import type { Catalogue } from '@/i18n/catalogue';
import { noteText } from './request';

const i18n = { t: translator('en', en as unknown as Catalogue), format: { utc: (at: Date) => at.toISOString() } } as unknown as Parameters<typeof noteText>[2];
const words = { clock: (id: string) => (id === 'contact-point.acknowledge' ? 'Take charge' : id) };
const noted = (t: string, time: string, d: object) => noteText({ index: 1, time, t, d: d as Record<string, never> }, words, i18n);
const due = '2026-11-23T00:48:00Z';

test('what a clock did is told as that, never as if somebody had done what it measures', () => {
  const clock = { clock: 'contact-point.acknowledge', due };
  expect(noted('note.clock.alarm', '2026-11-23T00:33:00Z', clock)).toBe('Reminder: Take charge, due 2026-11-23T00:48:00.000Z');
  expect(noted('note.clock.alarm', due, clock)).toBe('Overdue: Take charge');
  expect(noted('note.clock.lapsed', due, clock)).toBe('Time ran out: Take charge');
  expect(noted('note.clock.alarm', due, { clock: 'contact-point.acknowledge' })).toBe('Overdue: Take charge');
});
test('a note of another kind keeps its own name', () => expect(noted('note.something', due, {})).toBe('note.something'));
