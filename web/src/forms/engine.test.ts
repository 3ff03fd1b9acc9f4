// @vitest-environment node
// What the shared vectors do not say: single functions, and what is the desk's own.

import { describe, expect, test } from 'vitest';
import { holds, covers, fieldsOf } from './condition';
import { atPath, isAnswered, setPath } from './json';
import { partAnswers, tidyAnswers } from './part';
import { addPeriod, parseDate, parseDateTime, parseOffset, parsePeriod } from './period';
import { fits } from './formats';
import { loadBundle, RulebookError } from './rulebook';
import { answersNamed, realBundle, realRules } from './rulebook_for_test';
import type { Format } from './model';

const rules = await realRules();

describe('a bundle', () => {
  test('has the digest of its files, and another one when a letter changes', async () => {
    expect(rules.digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const again = await loadBundle(JSON.stringify(realBundle()));
    expect(again.digest).toBe(rules.digest);
    const changed = await loadBundle(realBundle({ 'forms/preservation.traffic.json': '{}' }));
    expect(changed.digest).not.toBe(rules.digest);
  });

  test.each([
    ['no object', '[]'],
    ['another member', { files: {}, more: 1 }],
    ['a file that is no text', { files: { 'rulebook.json': 1 } }],
    ['examples', { files: { 'rulebook.json': '{}', 'examples/x.json': '{}' } }],
    ['no rulebook.json', { files: {} }],
  ])('with %s is refused', async (_, bundle) => {
    await expect(loadBundle(bundle)).rejects.toThrow(RulebookError);
  });

  test('is looked up by name; what is not there is null', () => {
    expect(rules.form('assistance.request')?.sections.length).toBeGreaterThan(5);
    expect(rules.form('no.form')).toBeNull();
    expect(rules.formOf('assistance.request')?.form).toBe('assistance.request');
    expect(rules.kindOf('preservation.acknowledge')?.kind).toBe('preservation');
    expect(rules.clock('preservation.lapse')?.owner).toBe('requesting');
    expect(rules.clock('preservation.no-clock')).toBeNull();
    expect(rules.knowsBasis('uncc.42')).toBe(true);
    expect(rules.knowsBasis('uncc')).toBe(false);
    expect(rules.word('fr', 'kind.assistance')).toBe('Entraide judiciaire');
    expect(rules.word('en', 'no.key')).toBeUndefined();
  });
});

describe('periods and dates', () => {
  test('take what is written right', () => {
    expect(parsePeriod('P60D')).toEqual({ months: 0, days: 60, seconds: 0 });
    expect(parsePeriod('-P1DT12H30M')).toEqual({ months: 0, days: -1, seconds: -45000 });
    expect(parsePeriod('P1Y2M')).toEqual({ months: 14, days: 0, seconds: 0 });
    expect(parseOffset('-05:30')).toBe(-330);
    expect(parseDateTime('2031-03-02T09:00:00+01:00')).toBe(Date.UTC(2031, 2, 2, 8));
    expect(parseDate('0099-01-01')).toBe(new Date('0099-01-01T00:00:00Z').getTime());
  });

  test.each(['P', 'PT', 'P1DT', '60', 'P1H', 'PT1D', 'P12345D', 'P1D1Y', ' P1D', 'P1.5D'])('refuse the period %s', (text) => {
    expect(parsePeriod(text)).toBeNull();
  });
  test.each(['2031-3-2', '2031-02-30', '2031-13-01', '0000-01-01', '2031-00-10', '2031-01-00'])('refuse the date %s', (text) => {
    expect(parseDate(text)).toBeNull();
  });
  test.each(['2031-03-02T09:00:00', '2031-03-02', '2031-03-02T24:00:00Z', '2031-03-02T09:00:00+14:30', '2031-03-02t09:00:00Z'])('refuse the time %s', (text) => {
    expect(parseDateTime(text)).toBeNull();
  });

  test('a month after 31 January is the last day of February, and the time of day stays', () => {
    const add = (time: string, period: string): string => new Date(addPeriod(Date.parse(time), parsePeriod(period)!)).toISOString();
    expect(add('2031-01-31T09:30:00Z', 'P1M')).toBe('2031-02-28T09:30:00.000Z');
    expect(add('2032-01-31T00:00:00Z', 'P1M')).toBe('2032-02-29T00:00:00.000Z');
    expect(add('2031-03-31T00:00:00Z', '-P1M')).toBe('2031-02-28T00:00:00.000Z');
    expect(add('1969-12-31T23:00:00Z', 'PT2H')).toBe('1970-01-01T01:00:00.000Z');
  });
});

test('each format takes what it is for and nothing else', () => {
  const table: [Format, string[], string[]][] = [
    ['country', ['fr', 'ke'], ['FR', 'fra', 'f', 'f1']],
    ['email', ['a@b.example', 'first.last+tag@sub.b.example'], ['a@b', '@b.example', 'a b@c.example', 'a@@b.example', 'a@.example', 'a@b.', 'é@b.example']],
    ['authority', ['au:fr:parquet-paris', 'cc:fr', 'au:fr:a.b_c'], ['fr', 'au:fr:', 'au:FR:x', 'au:fr:Paris', 'of:fr:x', 'cc:fra']],
    ['language', ['fr', 'swa'], ['FR', 'f', 'fran', 'fr-ca']],
    ['offset', ['+01:00', '-05:30', '+14:00'], ['Z', '1', '+1:00', '+14:30', '+0100', '+00:60']],
    ['basis', ['uncc.42'], ['uncc', 'nowhere.1']],
  ];
  for (const [format, good, bad] of table) {
    for (const text of good) expect(fits(rules, format, text), `${format} ${text}`).toBe(true);
    for (const text of bad) expect(fits(rules, format, text), `${format} ${text}`).toBe(false);
  }
});

describe('conditions', () => {
  const scope = { rules, answers: { a: 'x', list: ['x', 'y'], n: 3, grounds: ['minor-matter'], day: '2031-03-10' }, basis: 'uncc.42', profile: null, now: Date.UTC(2031, 2, 2) };
  test('hold as the rulebook says', () => {
    expect(holds({ all: [{ equals: ['field.a', 'x'] }, { not: { equals: ['field.b', 'x'] } }] }, scope)).toBe(true);
    expect(holds({ in: ['field.list', ['x', 'y', 'z']] }, scope)).toBe(true);
    expect(holds({ in: ['field.list', ['x']] }, scope)).toBe(false);
    expect(holds({ contains: ['field.list', 'y'] }, scope)).toBe(true);
    expect(holds({ basis_is: ['uncc'] }, scope)).toBe(true);
    expect(holds({ within: ['field.day', 'P8D'] }, scope)).toBe(true);
    expect(holds({ within: ['field.day', 'P7D'] }, scope)).toBe(false);
    expect(holds({ before: ['now', 'field.day'] }, scope)).toBe(true);
    expect(holds({ ground_in: 'refusal-ground' }, scope)).toBe(true);
    expect(holds({ count_at_least: ['field.list', 'field.n'] }, scope)).toBe(false);
    expect(holds({ count_at_least: ['profile.x', 1] }, scope)).toBe(false);
  });
  test('that only a hub can judge are refused', () => {
    expect(() => holds({ has_role: 'magistrate' }, scope)).toThrow(RulebookError);
    expect(() => holds({ equals: ['actor.country', 'fr'] }, scope)).toThrow(RulebookError);
  });
  test('say which fields they read, never the values that they compare with', () => {
    expect(fieldsOf({ any: [{ not: { equals: ['field.a', 'field.b'] } }, { before: ['field.c', 'now'] }, { ground_in: ['x'] }] })).toEqual(['a', 'c', 'grounds']);
  });
  test('a basis covers what is below it, not what begins alike', () => {
    expect(covers('uncc.4', 'uncc.42')).toBe(false);
    expect(covers('uncc', 'uncc.42')).toBe(true);
  });
});

describe('answers', () => {
  test('blank means spaces, tabs and line ends: a no-break space is text', () => {
    expect(isAnswered(' \t\r\n')).toBe(false);
    expect(isAnswered('\u00a0')).toBe(true);
    expect(isAnswered(false)).toBe(true);
    expect(isAnswered(0)).toBe(true);
    expect(isAnswered([])).toBe(false);
  });
  test('are read and set by path, and copied on the way', () => {
    const before = { persons: [{ name: 'A' }] };
    const after = setPath(before, 'persons.1.name', 'B');
    expect(after).toEqual({ persons: [{ name: 'A' }, { name: 'B' }] });
    expect(before).toEqual({ persons: [{ name: 'A' }] });
    expect(atPath(after, 'persons.1.name')).toBe('B');
    expect(atPath(after, 'persons.x.name')).toBeUndefined();
    expect(setPath(after, 'persons.0.name', undefined)).toEqual({ persons: [{}, { name: 'B' }] });
    expect(atPath({}, 'constructor')).toBeUndefined();
  });
  test('in normal form are in the order of the form, without blanks', () => {
    const form = rules.form('assistance.request')!;
    const tidy = tidyAnswers(form, { persons: [{ name: ' A ', born: '' }, { name: '' }], basis: 'uncc.44', zzz: 1, facts: ' a\r\nb \n' });
    expect(JSON.stringify(tidy)).toBe('{"basis":"uncc.44","facts":"a\\nb","persons":[{"name":"A"}],"zzz":1}');
  });
  test('what a changed answer hides is removed and named, and nothing routed is sealed', () => {
    const form = rules.form('assistance.request')!;
    const given = { basis: '', profile: rules.profile('ke'), now: Date.UTC(2031, 2, 2) };
    const answers = { ...answersNamed('assistance-full'), confidential: false, confidentiality: 'no-notice' };
    const parted = partAnswers(rules, form, answers, given);
    expect(parted.removed).toContain('confidentiality');
    expect(parted.routing['confidential']).toBe(false);
    expect(Object.keys(parted.sealed)).not.toContain('basis');
  });
});
