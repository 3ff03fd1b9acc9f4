// @vitest-environment node
import { expect, it } from 'vitest';

import { refused } from '../../tests/kit/vectors';
import { newCode, readCode, ticketHash, ticketOf, wordsOf } from './invitation';

it('makes codes that are read again, however people write them', () => {
  const code = newCode();
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(readCode(code.toLowerCase().replaceAll('-', ' '))).toBe(code.replaceAll('-', ''));
  expect(readCode('oOiIlL00000000000000')).toBe('00111100000000000000');
});
it('refuses a code that is too short, or has a letter that is none', async () => {
  expect(await refused(() => readCode('K7QF-9M2X'))).toBe('enrolment.code');
  expect(await refused(() => readCode('U'.repeat(20)))).toBe('enrolment.code');
});
it('gives other words for another code or another key, and a ticket that does not show the code', () => {
  const code = '0000-0000-0000-0000-0000';
  const words = wordsOf(code, 'sign', 'seal');
  expect(words).toHaveLength(4);
  expect(wordsOf('0000-0000-0000-0000-0001', 'sign', 'seal')).not.toEqual(words);
  expect(wordsOf(code, 'sign', 'other')).not.toEqual(words);
  expect(ticketHash(ticketOf(code))).not.toBe(ticketOf(code));
});
