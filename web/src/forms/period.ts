// ISO 8601 periods and dates, as clocks and forms use them. Everything is UTC and the proleptic Gregorian calendar; times
// are milliseconds since 1970.

/** A signed length of time: calendar months, then whole days, then seconds. */
export interface Period {
  months: number;
  days: number;
  seconds: number;
}

const kPeriod = /^(-?)P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?)?$/;

/** `P60D`, `PT8H`, `-P1DT12H`; null for anything else, for an empty one, or for a number above 9,999. */
export function parsePeriod(text: string): Period | null {
  const match = kPeriod.exec(text);
  if (!match || text.endsWith('P') || text.endsWith('T')) return null;
  const sign = match[1] === '-' ? -1 : 1;
  const part = (index: number): number => Number(match[index] ?? 0) * sign;
  const positive = (value: number): number => value + 0; // no minus zero
  return {
    months: positive(part(2) * 12 + part(3)),
    days: positive(part(4) * 7 + part(5)),
    seconds: positive(part(6) * 3600 + part(7) * 60 + part(8)),
  };
}

const kDay = 86_400_000;

/** `time` moved by the period. 31 January and one month is the last day of February. */
export function addPeriod(time: number, period: Period): number {
  const ofDay = ((time % kDay) + kDay) % kDay;
  const date = new Date(time - ofDay);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + period.months);
  const last = new Date(date);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(day, last.getUTCDate()));
  return date.getTime() + period.days * kDay + period.seconds * 1000 + ofDay;
}

/** `2026-03-02`: the beginning of that day. Null for a day that does not exist. */
export function parseDate(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year === 0 || month === 0 || day === 0) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null;
}

/** `+05:30` in minutes: at most 14 hours. */
export function parseOffset(text: string): number | null {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(text);
  if (!match) return null;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return null;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** `2026-03-02T09:00:00Z` or with an offset such as `+01:00`, whole seconds; the offset must be there. */
export function parseDateTime(text: string): number | null {
  const match = /^(.{10})T(\d\d):(\d\d):(\d\d)(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return null;
  const day = parseDate(match[1] ?? '');
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4])];
  const offset = match[5] === 'Z' ? 0 : parseOffset(match[5] ?? '');
  if (day === null || offset === null || hours > 23 || minutes > 59 || seconds > 59) return null;
  return day + ((hours * 60 + minutes - offset) * 60 + seconds) * 1000;
}
