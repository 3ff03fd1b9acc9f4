// Two people, or one person on two devices, wrote the same draft: what can be put together without asking, and what a
// person must decide. Never the last writer silently.

import type { Draft, DraftContent } from '@/api/desk';
import { fieldsOfForm, isAnswered, member, type Form, type Json } from '@/forms';

export type Vector = { readonly [device: string]: number };
export type Order = 'same' | 'newer' | 'older' | 'apart';

/** How the first stands to the second. `apart`: each knows something that the other does not. */
export function orderOf(a: Vector, b: Vector): Order {
  const devices = new Set([...Object.keys(a), ...Object.keys(b)]);
  let more = false;
  let less = false;
  for (const device of devices) {
    const difference = (a[device] ?? 0) - (b[device] ?? 0);
    more ||= difference > 0;
    less ||= difference < 0;
  }
  return more && less ? 'apart' : more ? 'newer' : less ? 'older' : 'same';
}

/** Parts of a draft that are not sections of its form. */
export const kOtherParts = ['#summary', '#translations', '#people', '#files'] as const;
export type OtherPart = (typeof kOtherParts)[number];

export function bump(content: DraftContent, part: string, device: string): DraftContent {
  const before = content.versions[part] ?? {};
  return { ...content, versions: { ...content.versions, [part]: { ...before, [device]: (before[device] ?? 0) + 1 } } };
}

function join(a: Vector, b: Vector): Vector {
  const out: Record<string, number> = { ...a };
  for (const [device, count] of Object.entries(b)) out[device] = Math.max(out[device] ?? 0, count);
  return out;
}

/** What a part of a draft says, comparable as one value. */
export function partOf(form: Form, content: DraftContent, part: string): Json {
  switch (part) {
    case '#summary': return content.intention.summary;
    case '#translations': return content.translations as unknown as Json;
    case '#people': return { to: content.intention.to, basis: content.intention.basis };
    case '#files': return content.intention.files;
  }
  const section = form.sections.find((one) => one.section === part);
  const out: Record<string, Json> = {};
  for (const field of section?.fields ?? []) {
    const value = member(content.answers, field.field);
    if (isAnswered(value)) out[field.field] = value;
  }
  return out;
}

/** `content` with one part as `from` has it. */
export function takePart(form: Form, content: DraftContent, from: DraftContent, part: string): DraftContent {
  const intention = content.intention;
  switch (part) {
    case '#summary': return { ...content, intention: { ...intention, summary: from.intention.summary } };
    case '#translations': return { ...content, translations: from.translations };
    case '#people': return { ...content, intention: { ...intention, to: from.intention.to, basis: from.intention.basis } };
    case '#files': return { ...content, intention: { ...intention, files: from.intention.files }, notes: { ...content.notes, files: from.notes['files'] ?? [] } };
  }
  const answers: Record<string, Json> = { ...content.answers };
  for (const field of form.sections.find((one) => one.section === part)?.fields ?? []) {
    const value = member(from.answers, field.field);
    if (value === undefined) delete answers[field.field];
    else answers[field.field] = value;
  }
  const state = from.sections[part];
  return { ...content, answers, sections: state === undefined ? content.sections : { ...content.sections, [part]: state } };
}

export interface Merged {
  /** Everything that could be put together; parts in conflict are as in `mine`. */
  content: DraftContent;
  /** Parts that both changed, and differently. */
  conflicts: string[];
}

export function mergeDrafts(form: Form, mine: DraftContent, theirs: DraftContent): Merged {
  const parts = [...form.sections.map((section) => section.section), ...kOtherParts];
  let content = mine;
  const conflicts: string[] = [];
  const versions: Record<string, Vector> = { ...mine.versions };
  for (const part of parts) {
    const a = mine.versions[part] ?? {};
    const b = theirs.versions[part] ?? {};
    const order = orderOf(a, b);
    if (order === 'older') content = takePart(form, content, theirs, part);
    if (order === 'apart' && !sameJson(partOf(form, mine, part), partOf(form, theirs, part))) conflicts.push(part);
    else versions[part] = join(a, b);
  }
  return { content: { ...content, versions }, conflicts };
}

/** A person has decided: the part knows both histories now, and is newer than either. */
export function settle(form: Form, merged: DraftContent, theirs: DraftContent, part: string, chosen: 'mine' | 'theirs', device: string): DraftContent {
  const taken = chosen === 'theirs' ? takePart(form, merged, theirs, part) : merged;
  const joined = { ...taken, versions: { ...taken.versions, [part]: join(merged.versions[part] ?? {}, theirs.versions[part] ?? {}) } };
  return bump(joined, part, device);
}

function sameJson(a: Json, b: Json): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((one: Json) => sorted(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as { [name: string]: Json }).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]));
}

/** The section of a field; answers are one flat object, so a field has one. */
export function sectionOf(form: Form, field: string): string | null {
  return form.sections.find((section) => section.fields.some((one) => one.field === field))?.section ?? null;
}

/** The texts of a form that a translator would translate: free text, not codes, dates or names of lists. */
export function translatable(form: Form): string[] {
  return fieldsOfForm(form).filter(({ schema }) => schema.type === 'string' && schema.vocab === undefined && schema.format === undefined && (schema.maxLength ?? 4000) >= 300).map((field) => field.field);
}

export type { Draft };
