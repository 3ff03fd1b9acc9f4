import type { Translate } from './translate';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Dates, numbers and lists as one language writes them: the 24-hour clock and the Gregorian calendar everywhere. */
export type Formats = {
  /** "22 Nov 2026, 03:12 UTC"; with the seconds where there are any and `seconds` says that they count. */
  utc(at: Date, seconds?: boolean): string;
  /** The same moment where the person is: "04:12", with the day when it is another than in UTC. */
  local(at: Date): string;
  /** "03:12" in `timeZone`, or where the person is. */
  time(at: Date, timeZone?: string): string;
  /** "Sunday 04:12" in `timeZone`. */
  weekdayTime(at: Date, timeZone: string): string;
  /** "22 November 2026" of a calendar date, which has no zone. */
  day(date: string): string;
  /** "60 days" of the ISO 8601 duration P60D; what is none stays as it is. */
  period(iso: string): string;
  number(value: number): string;
  /** "214 kB" */
  bytes(size: number): string;
  list(items: readonly string[]): string;
  compare(a: string, b: string): number;
};

export function formats(locale: string, t: Translate): Formats {
  const hourCycle = 'h23';
  const utc = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle, timeZone: 'UTC' });
  const utcSeconds = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle, timeZone: 'UTC' });
  const localTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle });
  const localDay = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  return {
    utc: (at, seconds) => t('time.utc', { at: (seconds && at.getUTCSeconds() > 0 ? utcSeconds : utc).format(at) }),
    local: (at) => (at.getDate() === at.getUTCDate() ? localTime : localDay).format(at),
    time: (at, timeZone) => (timeZone ? new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle, timeZone }) : localTime).format(at),
    weekdayTime: (at, timeZone) => new Intl.DateTimeFormat(locale, { weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle, timeZone }).format(at),
    day: (date) => day.format(new Date(`${date}T00:00:00Z`)),
    period: (iso) => period(iso, locale),
    number: (value) => numbers.format(value),
    bytes: (size) => bytes(size, numbers, t),
    list: (items) => lists.format(items),
    compare: (a, b) => collator.compare(a, b),
  };
}

const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute'] as const;

function period(iso: string, locale: string): string {
  const found = /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(iso);
  if (!found) return iso;
  const parts = UNITS.flatMap((unit, index) => {
    const count = found[index + 1];
    return count === undefined ? [] : [new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Number(count))];
  });
  return new Intl.ListFormat(locale, { type: 'unit' }).format(parts);
}

function bytes(size: number, numbers: Intl.NumberFormat, t: Translate): string {
  if (size < 1000) return t('size.bytes', { n: size });
  const round = (value: number) => numbers.format(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  if (size < 1_000_000) return t('size.kilobytes', { n: round(size / 1000) });
  if (size < 1_000_000_000) return t('size.megabytes', { n: round(size / 1_000_000) });
  return t('size.gigabytes', { n: round(size / 1_000_000_000) });
}

/** How a time limit stands: plenty of time, due soon (under a quarter of it left), or passed. */
export type Haste = 'calm' | 'soon' | 'late';

export function hasteOf(now: number, dueAt: number, startedAt?: number): Haste {
  if (now >= dueAt) return 'late';
  const whole = startedAt === undefined ? 4 * HOUR : dueAt - startedAt;
  return dueAt - now < whole / 4 ? 'soon' : 'calm';
}

/** Time left as words: "02:26" under a day, "2 d 9 h" above, "00:12 late" when it has passed. Never a minus sign, which bidirectional text misplaces. */
export function clockText(t: Translate, now: number, dueAt: number): string {
  const late = now >= dueAt;
  const left = late ? now - dueAt : dueAt - now;
  const days = Math.floor(left / DAY);
  const hours = Math.floor((left % DAY) / HOUR);
  const two = (value: number) => String(value).padStart(2, '0');
  const text = days > 0 ? t('clock.days', { d: days, h: hours }) : `${two(hours)}:${two(Math.floor((left % HOUR) / MINUTE))}`;
  return late ? t('clock.late', { time: text }) : text;
}

/** The same for speech: "2 hours 26 minutes left". */
export function clockSpoken(t: Translate, now: number, dueAt: number): string {
  const late = now >= dueAt;
  const left = late ? now - dueAt : dueAt - now;
  const values = { d: Math.floor(left / DAY), h: Math.floor((left % DAY) / HOUR), m: Math.floor((left % HOUR) / MINUTE) };
  if (values.d > 0) return t(late ? 'clock.spoken.days.late' : 'clock.spoken.days.left', values);
  return t(late ? 'clock.spoken.hours.late' : 'clock.spoken.hours.left', values);
}
