/** The languages of the desk. The two pseudo-languages are for tests: long accented words, and forced right-to-left. */
export const LANGUAGES = ['en', 'fr', 'es', 'ar'] as const;
export type Lang = (typeof LANGUAGES)[number];
export type PseudoLang = 'en-XA' | 'ar-XB';
export type UiLang = Lang | PseudoLang;

export type Digits = 'latn' | 'arab';
export type Direction = 'ltr' | 'rtl';

/** What each language calls itself; a person who cannot read this page must still find theirs. */
export const LANGUAGE_NAMES: Record<Lang, string> = { en: 'English', fr: 'Français', es: 'Español', ar: 'العربية' };

export function isLang(value: unknown): value is Lang {
  return typeof value === 'string' && (LANGUAGES as readonly string[]).includes(value);
}

export function isUiLang(value: unknown): value is UiLang {
  return isLang(value) || value === 'en-XA' || value === 'ar-XB';
}

/** The language whose words are shown: that of the catalogue behind a pseudo-language. */
export function wordsOf(lang: UiLang): Lang {
  return isLang(lang) ? lang : 'en';
}

export function directionOf(lang: UiLang): Direction {
  return lang === 'ar' || lang === 'ar-XB' ? 'rtl' : 'ltr';
}

/** The BCP 47 tag for formatting: Gregorian calendar always, Latin digits unless the person chose others. */
export function localeOf(lang: UiLang, digits: Digits = 'latn'): string {
  const base = { en: 'en-GB', fr: 'fr-FR', es: 'es-ES', ar: 'ar' }[wordsOf(lang)];
  return lang === 'ar' ? `${base}-u-ca-gregory-nu-${digits}` : `${base}-u-ca-gregory`;
}

/** The first of the person's languages that the desk speaks. */
export function preferredLang(wanted: readonly string[]): Lang {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0];
    if (isLang(primary)) return primary;
  }
  return 'en';
}
