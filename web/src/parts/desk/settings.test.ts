import { describe, expect, test } from 'vitest';
import { readSettings } from './settings';

describe('stored settings', () => {
  test('come back', () => expect(readSettings('{"lang":"ar","theme":"night","lockAfter":60,"views":[{"id":"1","name":"Late","query":{"kind":"assistance"}}]}')).toMatchObject({ lang: 'ar', theme: 'night', lockAfter: 60, views: [{ name: 'Late' }] }));
  test('that are damaged give the usual ones', () => expect(readSettings('{').theme).toBe('system'));
  test('with one impossible value lose that value only', () => expect(readSettings('{"lang":"xx","theme":"night","volume":7,"views":[1]}')).toMatchObject({ theme: 'night', volume: 0.8, views: [] }));
});
