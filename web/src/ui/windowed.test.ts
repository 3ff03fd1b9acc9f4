import { describe, expect, test } from 'vitest';
import { windowOf } from './windowed';

describe('a window on ten thousand rows', () => {
  test('draws a screenful and a little more', () => expect(windowOf(10_000, 50, 0, 600)).toEqual({ first: 0, end: 20, before: 0, after: 9980 * 50 }));
  test('keeps the height of the whole, wherever it is', () => {
    for (const top of [0, 777, 250_000, 499_400, 600_000]) {
      const part = windowOf(10_000, 50, top, 600);
      expect(part.before + (part.end - part.first) * 50 + part.after).toBe(500_000);
    }
  });
  test('of nothing is nothing', () => expect(windowOf(0, 50, 0, 600)).toEqual({ first: 0, end: 0, before: 0, after: 0 }));
});
