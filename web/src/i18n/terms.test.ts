import { describe, expect, test } from 'vitest';
import terms from './terms.csv?raw';

const lines = terms.trim().split('\n');
const columns = ['key', 'en', 'fr', 'es', 'ar', 'source'];
const rows = new Map(lines.slice(1).map((line) => [line.slice(0, line.indexOf(',')), line.split(',')]));

/** Every text by its key: those of the desk, and those of the rulebook, which the hub and the command line say too. */
const texts = (lang: string): Map<string, string> => new Map(Object.entries(files).filter(([path]) => path.includes(`/words/${lang}/`)).flatMap(([, words]) => Object.entries(words)));
const files = {
  ...import.meta.glob<Record<string, string>>(['./words/*/*.json', '!./words/*/countries.json'], { import: 'default', eager: true }),
  ...import.meta.glob<Record<string, string>>('../../../rulebook/words/*/*.json', { import: 'default', eager: true }),
};

/** What must be one word in every text: how English says it, where the same letters say something else, and texts about another thing. */
type Held = { term: string; says: RegExp; butNot?: RegExp; others?: RegExp };
const held: Held[] = [
  { term: 'act', says: /\bacts?\b/i, butNot: /\b(to|not|must|you|officer|officers|platform) acts?\b|^Act for$/gi },
  { term: 'hub', says: /\bhub\b/i },
  { term: 'ledger', says: /\bledger\b/i },
  { term: 'receipt', says: /\breceipts?\b/i, butNot: /(acknowledge|confirm)\w* (of )?receipt|^receipt acknowledged|^receipt of (the|\{)/gi, others: /^form\..*\.receipt$/ },
];

/** Texts that speak of it in English, and not by the word of the term list in `lang`. */
function strays(lang: string, { term, says, butNot, others }: Held): string[] {
  const word = rows.get(term)![columns.indexOf(lang)]!.replace(/^ال/, '');
  const there = texts(lang);
  return [...texts('en')]
    .filter(([key, text]) => says.test(butNot === undefined ? text : text.replaceAll(butNot, '')) && others?.test(key) !== true)
    .filter(([key]) => !there.get(key)!.toLowerCase().includes(word))
    .map(([key]) => `${lang}: ${key}: “${there.get(key)}” does not say ${word}`);
}

test('the term list has every term once, in four languages, with its source', () => {
  expect(lines[0]).toBe(columns.join(','));
  const cells = lines.slice(1).map((line) => line.split(','));
  for (const row of cells) expect([row.length, row.every((cell) => cell.trim() !== '')], row.join()).toEqual([6, true]);
  expect(rows.size).toBe(cells.length);
});

describe('one thing has one word in every text of the desk and of the rulebook', () => {
  for (const one of held) for (const lang of ['fr', 'es', 'ar']) test(`${one.term}, ${lang}`, () => expect(strays(lang, one)).toEqual([]));
  test('and a text that has another word for it is found', () => {
    expect(strays('ar', { term: 'act', says: /^More actions$/ })).toEqual(['ar: ui.moreActions: “خيارات أخرى” does not say تصرف']);
  });
});
