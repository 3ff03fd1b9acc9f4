// "Paste anything": identifiers out of free text (a mail, a log, a table), each with what it looks like. The person sees
// every one before it stands in the form.

import { offsetText } from './prefill';
import { parseDateTime } from './period';

export type IdentifierKind = 'email' | 'url' | 'ip' | 'imei' | 'imsi' | 'phone' | 'bank-account' | 'wallet' | 'domain' | 'account' | 'other';

export interface Found {
  kind: IdentifierKind;
  value: string;
  /** For an IP address: the port and the time that stood beside it. */
  port?: number;
  at?: string;
}

const kPatterns: [IdentifierKind, RegExp][] = [
  ['url', /\bhttps?:\/\/[^\s<>"'،؛]+[^\s<>"'،؛.,;:)\]]/gi],
  ['email', /[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi],
  ['bank-account', /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g],
  ['wallet', /\b(?:bc1[a-z0-9]{25,60}|0x[a-fA-F0-9]{40}|[13][a-km-zA-HJ-NP-Z1-9]{25,34})\b/g],
  ['ip', /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|\[?(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}\]?(?::\d{1,5})?)(?![\w.])/gi],
  ['phone', /(?<![\w.])\+\d[\d ()./-]{6,18}\d(?!\w)/g],
  ['imei', /(?<!\w)\d{2}[- ]?\d{6}[- ]?\d{6}[- ]?\d(?!\w)/g],
  ['account', /(?<![\w@.])@[a-z0-9_.]{2,40}\b/gi],
  ['domain', /(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w@])/gi],
];

/** What is recognised, in the order of the text, each once. Times of a line go with the addresses of that line. */
export function findIdentifiers(text: string): Found[] {
  const out: Found[] = [];
  for (const line of latinDigits(text).split(/\r?\n/)) out.push(...inLine(line));
  const seen = new Set<string>();
  return out.filter((found) => {
    const key = JSON.stringify([found.kind, found.value.toLowerCase(), found.port, found.at]);
    return !seen.has(key) && seen.add(key);
  });
}

/** A line of nothing known is still what somebody pasted: one "other" a line. */
export function pasteIdentifiers(text: string): Found[] {
  const found = findIdentifiers(text);
  if (found.length > 0) return found;
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '').map((value) => ({ kind: 'other', value }));
}

function inLine(line: string): Found[] {
  const at = timeIn(line);
  let rest = line.replace(kTime, (match) => ' '.repeat(match.length));
  const found: { one: Found; place: number }[] = [];
  for (const [kind, pattern] of kPatterns) {
    rest = rest.replace(pattern, (match, ...more) => {
      const read = readOne(kind, match);
      if (!read) return match;
      const place = more.find((one): one is number => typeof one === 'number') ?? 0;
      found.push({ one: { ...read, ...(read.kind === 'ip' && at ? { at } : {}) }, place });
      return ' '.repeat(match.length);
    });
  }
  return found.sort((a, b) => a.place - b.place).map(({ one }) => one);
}

function readOne(kind: IdentifierKind, match: string): Found | null {
  if (kind === 'ip') return readIp(match);
  if (kind === 'imei') {
    const digits = match.replace(/\D/g, '');
    return luhn(digits) ? { kind, value: digits } : null;
  }
  if (kind === 'bank-account') {
    const value = match.replaceAll(' ', '');
    return iban(value) ? { kind, value } : null;
  }
  if (kind === 'phone') return { kind, value: `+${match.replace(/\D/g, '')}` };
  return { kind, value: match };
}

function readIp(match: string): Found | null {
  const v4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$/.exec(match);
  if (v4?.[1] !== undefined) {
    if (v4[1].split('.').some((part) => Number(part) > 255)) return null;
    return { kind: 'ip', value: v4[1], ...port(v4[2]) };
  }
  const v6 = /^\[([0-9a-f:]+)\](?::(\d{1,5}))?$/i.exec(match);
  const value = v6?.[1] ?? match;
  const groups = value.split(':');
  const short = value.includes('::');
  if (!/^[0-9a-f:]+$/i.test(value) || (short ? groups.length > 8 : groups.length !== 8) || value.split('::').length > 2) return null;
  return { kind: 'ip', value: value.toLowerCase(), ...port(v6?.[2]) };
}

function port(text: string | undefined): { port?: number } {
  const value = Number(text);
  return text !== undefined && value <= 65535 ? { port: value } : {};
}

const kTime = /\b(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?/;

/** A time with its offset; a time without one is not taken, because nobody can know what it means. */
function timeIn(line: string): string | undefined {
  const match = kTime.exec(line);
  if (!match?.[4]) return undefined;
  const zone = /^[+-]/.test(match[4]) ? match[4].replace(/^(...):?(..)$/, '$1:$2') : 'Z';
  const text = `${match[1]}T${match[2]}${match[3] ?? ':00'}${zone === offsetText(0) ? 'Z' : zone}`;
  return parseDateTime(text) === null ? undefined : text;
}

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits.length === 15 && sum % 10 === 0;
}

function iban(value: string): boolean {
  let remainder = 0;
  for (const char of value.slice(4) + value.slice(0, 4))
    for (const digit of String(parseInt(char, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  return value.length >= 15 && value.length <= 34 && remainder === 1;
}

/** Arabic-Indic and Persian digits as Latin ones, so that a pasted number is the number. */
export function latinDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}
