import { IntlMessageFormat } from 'intl-messageformat';
import type { Catalogue, Key } from './catalogue';
import { isLang, localeOf, type Digits, type UiLang } from './locale';
import { lengthen, mirror, pseudo } from './pseudo';

export type Values = Record<string, string | number | Date>;
/** Gives the sentence of `key` in the person's language, with `values` in their places. */
export type Translate = (key: Key, values?: Values) => string;

/** `t` for one language and one kind of digits. Messages are parsed once, at first use. */
export function translator(lang: UiLang, catalogue: Catalogue, digits: Digits = 'latn'): Translate {
  const locale = localeOf(lang, digits);
  const plain = isLang(lang);
  const parsed = new Map<Key, IntlMessageFormat>();
  return (key, values) => {
    const message = catalogue[key];
    if (plain && !values && !message.includes('{') && !message.includes("'")) return message;
    let format = parsed.get(key);
    if (!format) {
      format = new IntlMessageFormat(source(lang, message), locale);
      parsed.set(key, format);
    }
    return String(format.format(values));
  };
}

function source(lang: UiLang, message: string): ConstructorParameters<typeof IntlMessageFormat>[0] {
  if (lang === 'en-XA') return pseudo(message, lengthen);
  if (lang === 'ar-XB') return pseudo(message, mirror);
  return message;
}
