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

export function languages(lang: string): Option[] {
  const rest = kLanguages.slice(6).map((id) => ({ id, label: languageName(id, lang) }));
  const compare = new Intl.Collator(lang).compare;
  return [...kLanguages.slice(0, 6).map((id) => ({ id, label: languageName(id, lang) })), ...rest.sort((a, b) => compare(a.label, b.label))];
}

export function currencies(lang: string): Option[] {
  const names = new Intl.DisplayNames([lang], { type: 'currency', fallback: 'code' });
  return Intl.supportedValuesOf('currency').map((id) => ({ id, label: `${id} – ${names.of(id) ?? id}` }));
}

/** Every offset that a State uses, west to east. */
export function offsets(): Option[] {
  const odd = [-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765];
  const whole = Array.from({ length: 27 }, (_, index) => (index - 12) * 60);
  return [...whole, ...odd].sort((a, b) => a - b).map((minutes) => ({ id: offsetText(minutes), label: `\u2066UTC${offsetText(minutes)}\u2069` }));
}
