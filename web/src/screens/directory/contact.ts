import type { DirectoryAuthority } from '@/api/desk';
import type { JsonObject } from '@/forms';

export type Contact = { telephone: string | null; email: string | null; languages: readonly string[] };

const TELEPHONE = /\+\d[\d\s().-]{5,}\d/;
const EMAIL = /[^\s,;<>]+@[^\s,;<>]+/;

/**
 * How to reach an authority: what its own act of the directory says beside its name, else what its country has notified
 * for that kind of authority.
 */
export function contactOf(authority: Pick<DirectoryAuthority, 'kind' | 'details' | 'authority'>, profile: JsonObject | null): Contact {
  const { details } = authority;
  const own = [details['telephone'], details['phone'], details['contact']].find((value) => typeof value === 'string') as string | undefined;
  const notified = profile?.[`${authority.kind.replaceAll('-', '_')}_contact`];
  const text = own ?? (typeof notified === 'string' ? notified : '');
  const mail = typeof details['email'] === 'string' ? details['email'] : text;
  const spoken = details['languages'] ?? profile?.[`${authority.kind.replaceAll('-', '_')}_languages`] ?? profile?.['languages'];
  return { telephone: TELEPHONE.exec(text)?.[0] ?? null, email: EMAIL.exec(mail)?.[0] ?? null, languages: Array.isArray(spoken) ? spoken.filter((one): one is string => typeof one === 'string') : [] };
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Whether the offices of a country are open now, by the hours, rest days and holidays it has notified; null where it has not. */
export function isOfficeHour(profile: JsonObject, now: Date): boolean | null {
  const zone = profile['time_zone'];
  const hours = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(typeof profile['office_hours'] === 'string' ? profile['office_hours'] : '');
  if (typeof zone !== 'string' || !hours) return null;
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const weekday = DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
  const rest = profile['rest_days'];
  if (Array.isArray(rest) && rest.includes(weekday)) return false;
  const holidays = profile['holidays'];
  if (Array.isArray(holidays) && holidays.some((one) => typeof one === 'object' && one !== null && !Array.isArray(one) && (one as JsonObject)['date'] === date)) return false;
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  return minute >= Number(hours[1]) * 60 + Number(hours[2]) && minute < Number(hours[3]) * 60 + Number(hours[4]);
}

/** For searching: no case, no accents. */
export function findable(text: string): string {
  return text.normalize('NFKD').replace(/[\p{M}\u2066-\u2069]/gu, '').toLowerCase().trim();
}
