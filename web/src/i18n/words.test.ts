import { describe, expect, test } from 'vitest';
import { loadLanguage, loadLaterWords } from './catalogue';
import { faultsOf } from './check';
import { LANGUAGES } from './locale';
import { translator } from './translate';

const packs = {
  en: await loadLanguage('en'),
  fr: await loadLanguage('fr'),
  es: await loadLanguage('es'),
  ar: await loadLanguage('ar'),
};
const firstKeys = Object.keys(packs.fr.words);
await loadLaterWords();

describe('the catalogues', () => {
  test('say the same in four languages, with the same placeholders and every plural form', () => {
    expect(faultsOf({ en: packs.en.words, fr: packs.fr.words, es: packs.es.words, ar: packs.ar.words })).toEqual([]);
  });

  test('keep from a first visit the words that it does not need, and bring them to every language', () => {
    expect(firstKeys).toContain('ui.close');
    expect(firstKeys).not.toContain('admin.waiting.sign');
    expect(packs.fr.words['admin.waiting.sign']).toBe('Signer aussi');
  });

  test('have one place for each key', () => {
    const files = Object.entries(import.meta.glob<Record<string, string>>(['./words/*/*.json', '!./words/*/countries.json'], { import: 'default', eager: true }));
    for (const lang of LANGUAGES) {
      const keys = files.filter(([path]) => path.startsWith(`./words/${lang}/`)).flatMap(([, words]) => Object.keys(words));
      expect(keys.length).toBeGreaterThan(1000);
      expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
    }
  });

  test('name the same members in four languages', () => {
    for (const lang of LANGUAGES) expect(Object.keys(packs[lang].countries)).toEqual(Object.keys(packs.en.countries));
    expect(packs.ar.countries['ke']).toBe('كينيا');
  });

  test('keep no straight apostrophe, which ICU reads as a quotation mark', () => {
    for (const lang of LANGUAGES) for (const [key, message] of Object.entries(packs[lang].words)) expect(`${key}: ${message}`).not.toContain("'");
  });
});

describe('the check of the catalogues', () => {
  const good = { en: { a: '{n, plural, one {# act} other {# acts}} of {who}' }, fr: { a: '{n, plural, one {# acte} many {# actes} other {# actes}} de {who}' }, es: { a: '{n, plural, one {#} many {#} other {#}} {who}' }, ar: { a: '{n, plural, zero {#} one {#} two {#} few {#} many {#} other {#}} {who}' } };
  test('finds nothing in good ones', () => expect(faultsOf(good)).toEqual([]));
  test('finds a missing key', () => expect(faultsOf({ ...good, es: {} })).toEqual(['es: a: missing']));
  test('finds a key left over', () => expect(faultsOf({ ...good, es: { ...good.es, b: 'x' } })).toEqual(['es: b: not in the English catalogue']));
  test('finds an empty sentence', () => expect(faultsOf({ en: { a: 'x' }, fr: { a: ' ' }, es: { a: 'x' }, ar: { a: 'x' } })).toEqual(['fr: a: empty']));
  test('finds a placeholder forgotten and one invented', () =>
    expect(faultsOf({ en: { a: '{x}' }, fr: { a: '{y}' }, es: { a: '{x}' }, ar: { a: '{x}' } })).toEqual(['fr: a: does not use {x}', 'fr: a: {y} is not in the English sentence']));
  test('finds a plural form that Arabic needs', () =>
    expect(faultsOf({ ...good, ar: { a: '{n, plural, one {#} other {#}} {who}' } })).toEqual(['ar: a: {n} lacks the plural form few, many, two, zero']));
  test('finds what is not ICU', () => expect(faultsOf({ ...good, fr: { a: '{n, plural, one {#}' } })[0]).toMatch(/^fr: a: not ICU/));
});

describe('the pseudo-languages', () => {
  test('lengthen the words and leave the placeholders', () => {
    const t = translator('en-XA', packs.en.words);
    expect(t('clock.due', { when: 'X' })).toMatch(/^Ðúé ·+X$/);
    expect(t('ui.close')).not.toBe('Close');
  });
  test('show every word from right to left', () => {
    const t = translator('ar-XB', packs.en.words);
    expect(t('ui.close')).toBe('\u202eClose\u202c');
    expect(t('ui.selected', { n: 2 })).toContain('2');
  });
});

describe('a sentence', () => {
  test('takes the plural form of its language', () => {
    const t = translator('ar', packs.ar.words);
    expect(t('ui.charactersLeft', { n: 2 })).toBe('بقي حرفان');
    expect(t('ui.charactersLeft', { n: 11 })).toBe('بقي 11 حرفًا');
  });
  test('writes Arabic digits where the person wants them', () => {
    expect(translator('ar', packs.ar.words, 'arab')('ui.charactersLeft', { n: 11 })).toBe('بقي ١١ حرفًا');
  });
});
