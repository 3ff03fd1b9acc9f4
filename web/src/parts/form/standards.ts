// Lists that are nobody's law: languages and currencies by their ISO codes, offsets from UTC. Names by the browser; names
// of countries and authorities never come from here.

import { offsetText } from '@/forms';
import type { Option } from '@/ui';

const kLanguages = [
  'en', 'fr', 'es', 'ar', 'ru', 'zh', 'pt', 'de', 'it', 'nl', 'pl', 'ro', 'uk', 'tr', 'fa', 'ur', 'hi', 'bn', 'id', 'ms', 'sw', 'am', 'ha', 'yo', 'wo', 'ja', 'ko', 'th', 'vi',
  'el', 'he', 'cs', 'sk', 'hu', 'bg', 'sr', 'hr', 'bs', 'sl', 'sq', 'mk', 'lt', 'lv', 'et', 'fi', 'sv', 'da', 'no', 'is', 'ga', 'mt', 'ka', 'hy', 'az', 'kk', 'uz', 'ky', 'tg',
  'mn', 'ne', 'si', 'ta', 'my', 'km', 'lo', 'so', 'rw', 'mg',
];

export function languageName(code: string, lang: string): string {
  return new Intl.DisplayNames([lang], { type: 'language', fallback: 'code' }).of(code) ?? code;
}

/** Each list is made once a language: a form asks for it at every key. */
function once<T>(make: (lang: string) => T): (lang: string) => T {
  const made = new Map<string, T>();
  return (lang) => {
    const known = made.get(lang) ?? make(lang);
    made.set(lang, known);
    return known;
  };
}

export const languages = once((lang): readonly Option[] => {
  const names = new Intl.DisplayNames([lang], { type: 'language', fallback: 'code' });
  const option = (id: string): Option => ({ id, label: names.of(id) ?? id });
  const { compare } = new Intl.Collator(lang);
  return [...kLanguages.slice(0, 6).map(option), ...kLanguages.slice(6).map(option).sort((a, b) => compare(a.label, b.label))];
});

export const currencies = once((lang): readonly Option[] => {
  const names = new Intl.DisplayNames([lang], { type: 'currency', fallback: 'code' });
  return Intl.supportedValuesOf('currency').map((id) => ({ id, label: `${id} – ${names.of(id) ?? id}` }));
});

const kWhole = Array.from({ length: 27 }, (_, index) => (index - 12) * 60);
const kOdd = [-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765];
const kOffsets: readonly Option[] = [...kWhole, ...kOdd].sort((a, b) => a - b).map((minutes) => ({ id: offsetText(minutes), label: `\u2066UTC${offsetText(minutes)}\u2069` }));

/** Every offset that a State uses, west to east. */
export function offsets(): readonly Option[] {
  return kOffsets;
}
