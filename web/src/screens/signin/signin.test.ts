import { describe, expect, test } from 'vitest';
import type { DemonstrationPerson } from '@/api/desk';
import { groupedCode, readCode } from './code';
import { byCountry } from './demonstration';
import { safeNext } from './sign-in';

describe('the code of an invitation', () => {
  test('is read however it is typed', () => expect(readCode('k7qf-9m2x d3rt 8wza 4hvc')).toBe('K7QF9M2XD3RT8WZA4HVC'));
  test('takes letters that look like digits for them', () => expect(readCode('OIL0-0000-0000-0000-0000')).toBe('01100000000000000000'));
  test('is refused when it is too short, or has a U', () => expect([readCode('K7QF'), readCode('U7QF-9M2X-D3RT-8WZA-4HVC')]).toEqual([null, null]));
  test('is shown in groups of four while it is typed', () => expect(groupedCode('k7qf9m2xd3')).toBe('K7QF-9M2X-D3'));
});

describe('the way on after signing in', () => {
  test('is a path of the desk', () => expect(safeNext('/requests/FR-2026-00017')).toBe('/requests/FR-2026-00017'));
  test('is never elsewhere', () => expect([safeNext('//evil.example'), safeNext('https://evil.example'), safeNext('/\\evil.example'), safeNext(undefined)]).toEqual(['/', '/', '/', '/']));
});

test('people of the demonstration stand under their country, sorted by its name', () => {
  const person = (country: string) => ({ country }) as DemonstrationPerson;
  const names: Record<string, string> = { sn: 'Sénégal', fr: 'France', ke: 'Kenya' };
  expect(byCountry([person('sn'), person('ke'), person('fr'), person('sn')], (cc) => names[cc] ?? '', (a, b) => a.localeCompare(b)).map(([cc, group]) => [cc, group.length])).toEqual([['fr', 1], ['ke', 1], ['sn', 2]]);
});
