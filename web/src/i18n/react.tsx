import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { I18nProvider as AriaI18nProvider } from 'react-aria-components';
import type { Key, LanguagePack } from './catalogue';
import { formats, type Formats } from './format';
import { directionOf, localeOf, wordsOf, type Digits, type Direction, type Lang, type UiLang } from './locale';
import { translator, type Translate } from './translate';

export type I18n = {
  /** The language of the words: that of the catalogue and of the rulebook. */
  lang: Lang;
  locale: string;
  direction: Direction;
  t: Translate;
  /** Whether there are words for a key that was put together at run time. */
  has(key: string): key is Key;
  format: Formats;
  /** The name of a country by its two letters, from the member list; the letters where it is not a member. */
  country(cc: string): string;
};

const I18nContext = createContext<I18n | null>(null);

export function makeI18n(lang: UiLang, pack: LanguagePack, digits: Digits = 'latn'): I18n {
  const locale = localeOf(lang, digits);
  const t = translator(lang, pack.words, digits);
  return { lang: wordsOf(lang), locale, direction: directionOf(lang), t, has: (key): key is Key => key in pack.words, format: formats(locale, t), country: (cc) => pack.countries[cc.toLowerCase()] ?? cc.toUpperCase() };
}

/** Gives `useT` and `useI18n` their language, and tells the document which one it is. */
export function I18nProvider({ lang, pack, digits = 'latn', children }: { lang: UiLang; pack: LanguagePack; digits?: Digits; children: ReactNode }) {
  const value = useMemo(() => makeI18n(lang, pack, digits), [lang, pack, digits]);
  useEffect(() => {
    document.documentElement.lang = lang;
    document.documentElement.dir = directionOf(lang);
  }, [lang]);
  return (
    <I18nContext value={value}>
      <AriaI18nProvider locale={lang === 'ar-XB' ? 'ar' : value.locale}>{children}</AriaI18nProvider>
    </I18nContext>
  );
}

/** A part of the page in another language than the rest, such as the second language of a printed document. */
export function I18nPart({ lang, pack, children }: { lang: UiLang; pack: LanguagePack; children: ReactNode }) {
  const value = useMemo(() => makeI18n(lang, pack), [lang, pack]);
  return (
    <I18nContext value={value}>
      <div lang={lang} dir={directionOf(lang)}>
        {children}
      </div>
    </I18nContext>
  );
}

export function useI18n(): I18n {
  const value = useContext(I18nContext);
  if (!value) throw new Error('useI18n: there is no I18nProvider above');
  return value;
}

export function useT(): Translate {
  return useI18n().t;
}
