// What the desk already knows is not asked again: fields name in the rulebook where their first value comes from.

import { isAnswered, member, type Json, type JsonObject } from './json';
import type { Form } from './model';
import { fieldsOfForm } from './validate';

export interface Known {
  now: Date;
  /** Minutes east of UTC, where the person is. */
  offsetMinutes: number;
  language: string;
  authority: string;
  otherAuthority: string;
  officer: string;
  /** One's own for the case. */
  reference: string;
  telephone: string;
  /** Answers of the act that opened the case. */
  opening: JsonObject;
}

/** First answers of an empty form. They are the person's to confirm or change, and checked like all others. */
export function prefill(form: Form, known: Partial<Known>): JsonObject {
  const out: Record<string, Json> = {};
  for (const field of fieldsOfForm(form)) {
    const value = field.prefill === undefined ? undefined : valueOf(field.prefill, known);
    if (isAnswered(value)) out[field.field] = value;
  }
  return out;
}

/** Until the authority has a number of its own: the case's, with its country before it, so that it is not taken for that of the other side. */
export function ownReference(authority: string, reference: string): string {
  const country = (authority.split(':')[1] ?? '').toUpperCase();
  return country === '' || reference.startsWith(`${country}-`) ? reference : `${country}/${reference}`;
}

function valueOf(prefill: string, known: Partial<Known>): Json | undefined {
  if (prefill.startsWith('case.')) return known.opening === undefined ? undefined : member(known.opening, prefill.slice('case.'.length));
  switch (prefill) {
    case 'today': return known.now?.toISOString().slice(0, 10);
    case 'now': return known.now === undefined ? undefined : `${known.now.toISOString().slice(0, 19)}Z`;
    case 'offset': return known.offsetMinutes === undefined ? undefined : offsetText(known.offsetMinutes);
    case 'language': return known.language;
    case 'authority': return known.authority;
    case 'other-authority': return known.otherAuthority;
    case 'officer': return known.officer;
    case 'reference': return known.reference;
    case 'telephone': return known.telephone;
    default: return undefined;
  }
}

/** 330 to "+05:30". */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
