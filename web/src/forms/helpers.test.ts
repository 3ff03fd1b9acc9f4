// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { basesFor, nextActs, openings, receiversOf } from './offers';
import { pagesOf } from './pages';
import { findIdentifiers, pasteIdentifiers } from './paste';
import { offsetText, ownReference, prefill } from './prefill';
import { answersNamed, realRules } from './rulebook_for_test';
import { objectsOf } from './rulebook';
import { validate } from './validate';
import { articleOf, RuleWords } from './words';

const rules = await realRules();
const now = Date.UTC(2026, 10, 22);
const given = { basis: 'uncc.44', profile: rules.profile('ke'), now };

describe('words', () => {
  test('cite an article as a jurist does', () => {
    expect(articleOf('40.15.b')).toBe('40(15)(b)');
    expect(articleOf('42')).toBe('42');
    expect(articleOf('assistance')).toBe('');
    expect(new RuleWords(rules, 'fr').cite('uncc.40.15.b').article).toBe('40(15)(b)');
  });
  test('name a defect in four languages, with its figures', () => {
    const form = rules.form('preservation.request')!;
    const defects = validate(rules, form, { facts: 'x' }, given);
    for (const lang of rules.languages) {
      const words = new RuleWords(rules, lang);
      for (const defect of defects) {
        expect(words.defect(defect)).not.toMatch(/[{}]|defect\./);
        expect(words.field(form.form, defect.path)).not.toMatch(/^field\./);
      }
    }
    expect(new RuleWords(rules, 'en').field('assistance.request', 'persons.3.name')).toBe('Name');
  });
  test('a key without words is shown rather than nothing', () => {
    expect(new RuleWords(rules, 'ar').word('no.such.key')).toBe('no.such.key');
  });
});

describe('what is known', () => {
  test('fills the fields that the rulebook names, and no other', () => {
    const first = prefill(rules.form('assistance.request')!, { now: new Date(now), offsetMinutes: -330, language: 'fr', authority: 'Autorité', officer: '' });
    expect(first).toEqual({ date: '2026-11-22', language: 'fr', requesting_authority: 'Autorité', requesting_offset: '-05:30' });
  });
  test('a written confirmation begins with what was asked by voice', () => {
    const first = prefill(rules.form('assistance.confirm')!, { opening: { subject: 'Fraude', facts: 'Le 2 mars' } });
    expect(first).toMatchObject({ subject: 'Fraude', facts: 'Le 2 mars' });
  });
  test('acknowledging asks for nothing that the desk does not know', () => {
    for (const kind of ['assistance', 'preservation', 'police-information']) {
      const form = rules.form(`${kind}.acknowledge`)!;
      const known = prefill(form, { now: new Date(now), reference: 'FR-2026-00001', authority: 'Central', officer: 'A. Officer' });
      expect(validate(rules, form, known, given), kind).toEqual([]);
    }
  });
  test('its own reference is never that of the other side', () => {
    expect(ownReference('au:ke:central-authority', 'FR-2026-00001')).toBe('KE/FR-2026-00001');
    expect(ownReference('au:fr:central-authority', 'FR-2026-00001')).toBe('FR-2026-00001');
  });
  test('offsets are written with both figures', () => {
    expect([0, 60, -330, 840].map(offsetText)).toEqual(['+00:00', '+01:00', '-05:30', '+14:00']);
  });
});

describe('pages', () => {
  const form = rules.form('assistance.request')!;
  test('are the sections that these answers call for', () => {
    const empty = pagesOf(rules, form, {}, given, new Set());
    expect(empty.map((page) => page.section)).not.toContain('confidentiality');
    expect(empty.every((page) => page.state === 'todo')).toBe(true);
    const asked = pagesOf(rules, form, { confidential: true }, given, new Set());
    expect(asked.map((page) => page.section)).toContain('confidentiality');
  });
  test('are completed when looked at and without a defect', () => {
    const sections = new Set(form.sections.map((section) => section.section));
    const full = pagesOf(rules, form, answersNamed('assistance-full'), given, sections);
    expect(full.every((page) => page.state === 'done')).toBe(true);
    const { facts: _, ...rest } = answersNamed('assistance-full');
    const lacking = pagesOf(rules, form, rest, given, sections).find((page) => page.section === 'facts');
    expect(lacking).toMatchObject({ state: 'doing', defects: [{ path: 'facts', code: 'required' }] });
  });
});

describe('offers', () => {
  const ability = (act: string, allowed = true) => ({ act, allowed, form: '', assurance: 'session' as const, ...(allowed ? {} : { rule: 'decide.role', source: 'use.3.1' }) });
  test('show what may be begun, and why the rest may not', () => {
    const groups = openings(rules, [ability('assistance.request'), ability('preservation.request', false), ability('assistance.acknowledge')]);
    expect(groups.map((group) => group.kind)).toEqual(['assistance', 'preservation']);
    expect(groups[1]?.offers[0]).toMatchObject({ allowed: false, rule: 'decide.role' });
  });
  test('in a case part its own acts from further threads', () => {
    const next = nextActs(rules, [ability('preservation.acknowledge'), ability('preservation.refuse', false), ability('message.open')], ['preservation']);
    expect(next.acts.map((offer) => offer.act)).toEqual(['preservation.acknowledge']);
    expect(next.openings.map((offer) => offer.act)).toEqual(['message.open']);
    expect(next.refused.map((offer) => offer.act)).toEqual(['preservation.refuse']);
  });
  test('name the countries that a treaty does not bind', () => {
    const offers = basesFor(rules, 'preservation', ['fr', 'ke'], now);
    expect(offers.map((offer) => offer.basis)).toEqual(['uncc.42', 'budapest.29']);
    expect(offers.find((offer) => offer.basis === 'budapest.29')?.notBound).not.toContain('fr');
    expect(offers.find((offer) => offer.basis === 'uncc.42')?.notInForce).toBe(true);
    expect(basesFor(rules, 'preservation', ['fr', 'zz'], now).find((offer) => offer.basis === 'budapest.29')?.notBound).toContain('zz');
  });
  test('say who may receive', () => {
    expect(receiversOf(rules, 'preservation.request')).toEqual({ main: ['contact-point', 'central-authority'], inform: ['ncb'] });
    expect(receiversOf(rules, 'no.act')).toEqual({ main: [], inform: [] });
  });
  test('know what an act carries sealed', () => {
    expect(objectsOf(rules, 'preservation.request')).toEqual({ doc: 'required', sum: 'required', tr: 'optional' });
    expect(objectsOf(rules, 'preservation.acknowledge').sum).toBe('optional');
  });
});

describe('pasted text', () => {
  test('gives up its identifiers, each with what it looks like', () => {
    const found = findIdentifiers(`
      From: <lamine.d@mail.example>, see https://shop.example/a?b=c.
      198.51.100.23:51234 2026-03-02T09:14:05+01:00; 2001:db8::17 too
      call +221 77 000 00 12, IBAN FR76 3000 6000 0112 3456 7890 189
      imei 490154203237518, handle @petit_lion, host cdn.example
      ٠٠`);
    expect(found).toEqual([
      { kind: 'email', value: 'lamine.d@mail.example' },
      { kind: 'url', value: 'https://shop.example/a?b=c' },
      { kind: 'ip', value: '198.51.100.23', port: 51234, at: '2026-03-02T09:14:05+01:00' },
      { kind: 'ip', value: '2001:db8::17', at: '2026-03-02T09:14:05+01:00' },
      { kind: 'phone', value: '+221770000012' },
      { kind: 'bank-account', value: 'FR7630006000011234567890189' },
      { kind: 'imei', value: '490154203237518' },
      { kind: 'account', value: '@petit_lion' },
      { kind: 'domain', value: 'cdn.example' },
    ]);
  });
  test.each([
    ['an address that is none', '300.1.1.1', []],
    ['a number with a wrong check digit', '490154203237519', []],
    ['a bank account with a wrong check', 'FR76 3000 6000 0112 3456 7890 188', []],
    ['a time without its offset', '192.0.2.1 2026-03-02 09:14', [{ kind: 'ip', value: '192.0.2.1' }]],
    ['a time of day', 'at 12:30:15', []],
    ['Arabic digits', '١٩٢.٠.٢.١', [{ kind: 'ip', value: '192.0.2.1' }]],
  ])('%s', (_, text, found) => {
    expect(findIdentifiers(text)).toEqual(found);
  });
  test('that nothing recognises is kept line by line', () => {
    expect(pasteIdentifiers('client 4471\n\nclient 4472')).toEqual([{ kind: 'other', value: 'client 4471' }, { kind: 'other', value: 'client 4472' }]);
  });
});
