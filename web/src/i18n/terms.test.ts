import { expect, test } from 'vitest';
import terms from './terms.csv?raw';

const lines = terms.trim().split('\n');

test('the term list has every term once, in four languages, with its source', () => {
  expect(lines[0]).toBe('key,en,fr,es,ar,source');
  const rows = lines.slice(1).map((line) => line.split(','));
  for (const row of rows) expect([row.length, row.every((cell) => cell.trim() !== '')], row.join()).toEqual([6, true]);
  expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length);
});
