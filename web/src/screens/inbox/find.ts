import type { Case, Summary } from '@/api/desk';

/** Without case, accents, Arabic vowel signs and hyphens, so that "senegal" finds "Sénégal" and "fr 2026 17" finds the reference. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[\s\-‑_]+/g, ' ').toLowerCase().trim();
}

/** Whether every word of `find` is in the reference, the names of the two countries or the summary that this browser opened. */
export function matches(find: string, one: Case, summary: Summary | undefined, country: (cc: string) => string): boolean {
  const names = [one.requesting, one.requested].map((authority) => country(authority.split(':')[1] ?? ''));
  const text = folded([one.reference, ...names, summary?.state === 'open' ? summary.text : ''].join(' '));
  const compact = text.replaceAll(' ', '');
  return folded(find).split(' ').every((word) => text.includes(word)) || compact.includes(folded(find).replaceAll(' ', ''));
}
