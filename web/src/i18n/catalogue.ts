import type { Words } from './words/en';
import { wordsOf, type Lang, type UiLang } from './locale';

/** Every key is a sentence (or a label); its English is the source. */
export type Key = keyof Words;
export type Catalogue = Record<Key, string>;
/** What one language brings: its words, and the names of the members of the United Nations and of its observer States by their two letters. */
export type LanguagePack = { words: Catalogue; countries: Readonly<Record<string, string>> };

const loaders: Record<Lang, () => Promise<LanguagePack>> = {
  en: () => import('./words/en'),
  fr: () => import('./words/fr'),
  es: () => import('./words/es'),
  ar: () => import('./words/ar'),
};

export async function loadLanguage(lang: UiLang): Promise<LanguagePack> {
  const { words, countries } = await loaders[wordsOf(lang)]();
  return { words, countries };
}
