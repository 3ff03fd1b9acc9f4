/** The parts of a date as they were typed; any of them may be empty or wrong. */
export type DateParts = { day: string; month: string; year: string };

export function partsOf(value: string | null): DateParts {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(value ?? '');
  if (!match) return { day: '', month: '', year: '' };
  const short = (text: string | undefined) => (text === undefined ? '' : String(Number(text)));
  return { year: match[1] ?? '', month: short(match[2]), day: short(match[3]) };
}

/** Digits of any script that people type, as Latin ones; other characters are left out. */
export function digitsOf(typed: string): string {
  return Array.from(typed.normalize('NFKC'), (char) => {
    const code = char.codePointAt(0) ?? 0;
    for (const zero of [0x30, 0x660, 0x6f0]) if (code >= zero && code <= zero + 9) return String(code - zero);
    return '';
  }).join('');
}

export type DateReading = { kind: 'empty' } | { kind: 'unfinished' } | { kind: 'wrong' } | { kind: 'date'; value: string };

/** Reads the parts as a calendar date; with `approximate`, also as a month or a year alone. */
export function readParts(parts: DateParts, approximate = false): DateReading {
  const { day, month, year } = parts;
  if (day === '' && month === '' && year === '') return { kind: 'empty' };
  if (year === '' || year.length < 4) return { kind: 'unfinished' };
  if (year.length > 4 || Number(year) < 1000) return { kind: 'wrong' };
  if (month === '') return day !== '' || !approximate ? { kind: 'unfinished' } : { kind: 'date', value: year };
  if (Number(month) < 1 || Number(month) > 12) return { kind: 'wrong' };
  const monthText = month.padStart(2, '0').slice(-2);
  if (day === '') return approximate ? { kind: 'date', value: `${year}-${monthText}` } : { kind: 'unfinished' };
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > last) return { kind: 'wrong' };
  return { kind: 'date', value: `${year}-${monthText}-${day.padStart(2, '0').slice(-2)}` };
}
