import { describe, expect, test } from 'vitest';
import { digitsOf, partsOf, readParts } from './date';

describe('a typed date', () => {
  test('is read from its parts', () => expect(readParts({ day: '2', month: '3', year: '2026' })).toEqual({ kind: 'date', value: '2026-03-02' }));
  test('comes back into the same parts', () => expect(partsOf('2026-03-02')).toEqual({ day: '2', month: '3', year: '2026' }));
  test('that does not exist is wrong', () => {
    expect(readParts({ day: '30', month: '2', year: '2026' })).toEqual({ kind: 'wrong' });
    expect(readParts({ day: '1', month: '13', year: '2026' })).toEqual({ kind: 'wrong' });
  });
  test('of 29 February depends on the year', () => {
    expect(readParts({ day: '29', month: '2', year: '2024' }).kind).toBe('date');
    expect(readParts({ day: '29', month: '2', year: '2026' }).kind).toBe('wrong');
  });
  test('half typed is not wrong yet', () => expect(readParts({ day: '2', month: '', year: '' })).toEqual({ kind: 'unfinished' }));
  test('may be a month or a year alone only where that is asked', () => {
    expect(readParts({ day: '', month: '5', year: '1984' }, true)).toEqual({ kind: 'date', value: '1984-05' });
    expect(readParts({ day: '', month: '', year: '1984' }, true)).toEqual({ kind: 'date', value: '1984' });
    expect(readParts({ day: '', month: '5', year: '1984' })).toEqual({ kind: 'unfinished' });
  });
  test('may be typed in Arabic or Persian digits', () => expect([digitsOf('٢٢'), digitsOf('۱۴'), digitsOf('1a2')]).toEqual(['22', '14', '12']));
});
