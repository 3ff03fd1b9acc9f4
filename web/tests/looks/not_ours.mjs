// Words that a page may show though no catalogue has them.
import { readFileSync } from 'node:fs';

/** Words that come from no catalogue of sentences: names of countries, languages, days, months and units of time, and what the world of the looks says of itself. */
export const NOT_OURS = [
  ...Object.values(JSON.parse(readFileSync(new URL('../../src/i18n/words/en/countries.json', import.meta.url), 'utf8'))),
  ...['ar', 'en', 'es', 'fr', 'ja', 'pt', 'ru', 'sw', 'zh'].map((code) => new Intl.DisplayNames('en', { type: 'language' }).of(code)),
  ...Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat('en-GB', { month: 'long' }).format(new Date(2026, month, 1))),
  ...Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat('en-GB', { weekday: 'long' }).format(new Date(2026, 10, 1 + day))), 'Sept',
  ...['year', 'month', 'week', 'day', 'hour', 'minute'].flatMap((unit) => [unit, `${unit}s`]),
  // What the doubles of a desk say of a hub, of certificates; rules and trace numbers; paper.
  'Test hub', 'CN=Signature key of officer k7tq2m', 'seal.commitment', 'cdeb', 'http.internal', 'Letter',
  'Entraide', 'Wanjiru Otieno', 'Duty officer', 'A. Duval (demonstration)', 'Mutual Assistance Office (demonstration)', 'Central Authority (demonstration)',
].flatMap((text) => text.normalize('NFD').toLowerCase().match(/[a-z]{4,}/g) ?? []);
