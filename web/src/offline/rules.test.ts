import { describe, expect, test } from 'vitest';
import { cacheName, isOurs, wayOf, worthKeeping } from './rules';

const origin = 'https://hub.example';
const way = (path: string, change: Partial<Request> = {}) => wayOf({ method: 'GET', mode: 'cors', url: new URL(path, origin).href, ...change }, origin);

describe('the service worker', () => {
  test('answers for pages and hashed files', () => {
    expect(way('/requests/FR-2031-00017', { mode: 'navigate' })).toBe('page');
    expect(way('/assets/index-1a2b.js')).toBe('file');
  });
  test('never touches what is the hub’s, what is written, or what is elsewhere', () => {
    expect([way('/v1/cases'), way('/v1/files/x', { mode: 'navigate' }), way('/ledger/checkpoint'), way('/assets/x.js', { method: 'POST' }), way('https://other.example/assets/x.js')]).toEqual(['hub', 'hub', 'hub', 'hub', 'hub']);
  });
  test('keeps the fonts of the four languages, and the others when they are shown', () => {
    expect(['/assets/noto-sans-latin-400-normal-a.woff2', '/assets/noto-sans-arabic-arabic-400-normal-b.woff2', '/assets/noto-sans-greek-400-normal-c.woff2'].map(worthKeeping)).toEqual([true, true, false]);
  });
  test('knows its own stores from those of others', () => expect([isOurs(cacheName('1a2b')), isOurs('other-1a2b')]).toEqual([true, false]));
});
