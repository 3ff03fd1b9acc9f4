// Single values that a field may ask for by format. The twin of src/rulebook/form.cc.

import type { Format } from './model';
import { parseDate, parseDateTime, parseOffset, parsePeriod } from './period';
import type { Rulebook } from './rulebook';

/**
 * One `@`, a dot in the domain, printable ASCII without blanks, no dot at an end of the domain: what a person can
 * mistype is caught, what a mail server may accept is not second-guessed.
 */
function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  if (at <= 0 || text.length > 254 || text.lastIndexOf('@') !== at || !/^[!-~]+$/.test(text)) return false;
  const domain = text.slice(at + 1);
  return domain.includes('.') && !domain.startsWith('.') && !domain.endsWith('.');
}

/** `cc:fr` or `au:fr:parquet-paris`. */
function isAuthority(text: string): boolean {
  return /^cc:[a-z]{2}$/.test(text) || (/^au:[a-z]{2}:[a-z0-9._-]+$/.test(text) && text.length <= 100);
}

export function fits(rules: Rulebook, format: Format, text: string): boolean {
  switch (format) {
    case 'date': return parseDate(text) !== null;
    case 'date-time': return parseDateTime(text) !== null;
    case 'country': return /^[a-z]{2}$/.test(text);
    case 'email': return isEmail(text);
    case 'authority': return isAuthority(text);
    case 'language': return /^[a-z]{2,3}$/.test(text);
    case 'offset': return parseOffset(text) !== null;
    case 'period': return parsePeriod(text) !== null;
    case 'basis': return rules.knowsBasis(text);
  }
}
