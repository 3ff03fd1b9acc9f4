import { describe, expect, test } from 'vitest';
import type { Case, Summary } from '@/api/desk';
import { folded, matches } from './find';

const one = { reference: 'FR-2026-00017', requesting: 'au:sn:ncb', requested: 'au:ke:ncb' } as Case;
const summary: Summary = { state: 'open', text: 'Données d’abonné de deux comptes', verdict: { steps: [], good: true } };
const country = (cc: string) => ({ sn: 'Sénégal', ke: 'كينيا' })[cc] ?? cc;
const found = (words: string) => matches(words, one, summary, country);

describe('the search of the inbox', () => {
  test('finds references however they are written', () => expect([found('fr-2026-00017'), found('FR 2026 00017'), found('00017')]).toEqual([true, true, true]));
  test('finds countries without their accents', () => expect([found('senegal'), found('SÉNÉGAL'), found('كينيا')]).toEqual([true, true, true]));
  test('finds words of the summary, in any order', () => expect(found('comptes abonne')).toBe(true));
  test('does not find what is not there', () => expect([found('brazil'), found('comptes brazil')]).toEqual([false, false]));
  test('folds Arabic vowel signs', () => expect(folded('مُحَمَّد')).toBe(folded('محمد')));
});
