import { describe, expect, test } from 'vitest';
import { loadLanguage } from './catalogue';
import { clockSpoken, clockText, formats, hasteOf } from './format';
import { directionOf, localeOf, preferredLang } from './locale';
import { translator } from './translate';

const MINUTE = 60_000;
const en = translator('en', (await loadLanguage('en')).words);
const ar = translator('ar', (await loadLanguage('ar')).words);

describe('the time left', () => {
  test('is hours and minutes under a day', () => expect(clockText(en, 0, 146 * MINUTE)).toBe('02:26'));
  test('is days and hours above', () => expect(clockText(en, 0, (2 * 24 + 9) * 60 * MINUTE)).toBe('2 d 9 h'));
  test('is said to be late, and has no minus sign', () => {
    expect(clockText(en, 12 * MINUTE, 0)).toBe('00:12 late');
    expect(clockText(ar, 12 * MINUTE, 0)).toBe('متأخر 00:12');
  });
  test('is late from the very moment it is due', () => expect(clockText(en, 5, 5)).toBe('00:00 late'));
  test('is spoken in whole words', () => {
    expect(clockSpoken(en, 0, 61 * MINUTE)).toBe('1 hour 1 minute left');
    expect(clockSpoken(en, 25 * 60 * MINUTE, 0)).toBe('1 day 1 hour late');
  });
});

describe('haste', () => {
  test('begins under a quarter of the time', () => {
    expect(hasteOf(74, 100, 0)).toBe('calm');
    expect(hasteOf(76, 100, 0)).toBe('soon');
    expect(hasteOf(100, 100, 0)).toBe('late');
  });
});

describe('dates', () => {
  const format = formats(localeOf('en'), en);
  test('are in UTC on the 24-hour clock', () => expect(format.utc(new Date('2026-11-22T03:02:00Z'))).toBe('22 Nov 2026, 03:02 UTC'));
  test('without a zone stay on their day', () => expect(format.day('2026-06-12')).toBe('12 June 2026'));
  test('of another place are in its time', () => expect(format.time(new Date('2026-11-22T02:12:00Z'), 'Africa/Nairobi')).toBe('05:12'));
  test('in Arabic are Gregorian in Latin digits', () => expect(formats(localeOf('ar'), ar).utc(new Date('2026-11-22T03:02:00Z'))).toMatch(/22.*2026.*03:02/));
});

describe('periods', () => {
  const said = (lang: 'en' | 'fr' | 'ar', iso: string) => formats(localeOf(lang), en).period(iso);
  test('are words', () => expect([said('en', 'P60D'), said('en', 'P1Y6M'), said('fr', 'PT4H'), said('ar', 'P5Y')]).toEqual(['60 days', '1 year, 6 months', '4\u00a0heures', '5 سنوات']));
  test('stay as they are where they are none', () => expect([said('en', 'P'), said('en', 'P1DT'), said('en', 'soon')]).toEqual(['P', 'P1DT', 'soon']));
});

describe('sizes', () => {
  const format = formats(localeOf('en'), en);
  test('are rounded as people say them', () => {
    expect([format.bytes(1), format.bytes(999), format.bytes(1500), format.bytes(214_300), format.bytes(3_000_000)]).toEqual(['1 byte', '999 bytes', '1.5 kB', '214 kB', '3 MB']);
  });
});

describe('the language', () => {
  test('is the first of the person’s that the desk speaks', () => {
    expect(preferredLang(['pt-BR', 'es-MX', 'en'])).toBe('es');
    expect(preferredLang(['pt-BR'])).toBe('en');
  });
  test('runs right to left in Arabic and its pseudo-language only', () => expect([directionOf('ar'), directionOf('ar-XB'), directionOf('en-XA')]).toEqual(['rtl', 'rtl', 'ltr']));
});
