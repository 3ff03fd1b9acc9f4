import type { Words } from './words/en/all';
import { wordsOf, type Lang, type UiLang } from './locale';

/** Every key is a sentence (or a label); its English is the source. */
export type Key = keyof Words;
export type Catalogue = Record<Key, string>;
/** What one language brings: its words, and the names of the members of the United Nations and of its observer States by their two letters. */
export type LanguagePack = { words: Catalogue; countries: Readonly<Record<string, string>> };

const first = { en: () => import('./words/en'), fr: () => import('./words/fr'), es: () => import('./words/es'), ar: () => import('./words/ar') };
const later = { en: () => import('./words/en/later'), fr: () => import('./words/fr/later'), es: () => import('./words/es/later'), ar: () => import('./words/ar/later') };

const loaded = new Map<Lang, LanguagePack>();
let laterToo = false;

async function addLater(lang: Lang, pack: LanguagePack): Promise<void> {
  Object.assign(pack.words, (await later[lang]()).words);
}

export async function loadLanguage(ui: UiLang): Promise<LanguagePack> {
  const lang = wordsOf(ui);
  const known = loaded.get(lang);
  if (known !== undefined) return known;
  const { words, countries } = await first[lang]();
  // Whole as soon as somebody has asked for the later words, and no screen that needs them stands before that.
  const pack: LanguagePack = { words: { ...words } as unknown as Catalogue, countries };
  loaded.set(lang, pack);
  if (laterToo) await addLater(lang, pack);
  return pack;
}

/** The words of screens that a first visit does not need, in every language that is loaded and that will be. */
export async function loadLaterWords(): Promise<void> {
  laterToo = true;
  await Promise.all([...loaded].map(([lang, pack]) => addLater(lang, pack)));
}
