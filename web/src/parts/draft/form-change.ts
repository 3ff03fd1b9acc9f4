// A draft was begun under one version of the rules, and another is in force: what became of its form, and how its answers go
// along. Nothing that was typed is thrown away: what is asked no longer is kept beside the draft until a person drops it.

import type { DraftContent } from '@/api/desk';
import { isAnswered, isObject, member, type Field, type Form, type Json, type JsonObject } from '@/forms';

export interface FormChange {
  /** Answered, and asked no longer. */
  readonly gone: readonly string[];
  /** Answered, and asked in another part now. */
  readonly moved: readonly { readonly field: string; readonly from: string; readonly to: string }[];
  /** Answered, and asked otherwise: to be looked at again. */
  readonly otherwise: readonly string[];
  /** Asked now and not before. */
  readonly added: readonly string[];
}

interface Placed {
  readonly section: string;
  readonly field: Field;
}
const placesOf = (form: Form): Map<string, Placed> => new Map(form.sections.flatMap((section) => section.fields.map((field) => [field.field, { section: section.section, field }] as const)));
const answered = (answers: JsonObject): string[] => Object.keys(answers).filter((field) => isAnswered(member(answers, field)));

export function formChange(before: Form, now: Form, answers: JsonObject): FormChange {
  const [old, fresh] = [placesOf(before), placesOf(now)];
  const kept = answered(answers).filter((field) => fresh.has(field));
  const same = (field: string): boolean => JSON.stringify(old.get(field)?.field.schema) === JSON.stringify(fresh.get(field)?.field.schema);
  return {
    gone: answered(answers).filter((field) => !fresh.has(field)),
    moved: kept.flatMap((field) => {
      const [from, to] = [old.get(field)?.section, fresh.get(field)?.section];
      return from !== undefined && to !== undefined && from !== to ? [{ field, from, to }] : [];
    }),
    otherwise: kept.filter((field) => old.has(field) && !same(field)),
    added: [...fresh.keys()].filter((field) => !old.has(field)),
  };
}

/** An answer that its form asks for no longer, with the words under which it was asked. */
export interface Leftover {
  readonly field: string;
  readonly label: string;
  readonly value: Json;
}
export function leftoversOf(content: DraftContent): Leftover[] {
  const list = content.notes['leftovers'];
  return (Array.isArray(list) ? (list as Json[]) : []).flatMap((one) => (isObject(one) && typeof one['field'] === 'string' && typeof one['label'] === 'string' ? [{ field: one['field'], label: one['label'], value: one['value'] ?? null }] : []));
}

/** The draft under the rules of `digest`: parts that changed are to be looked at again. */
export function moveAnswers(content: DraftContent, before: Form, now: Form, digest: string, labelOf: (field: string) => string): DraftContent {
  const change = formChange(before, now, content.answers);
  const fresh = placesOf(now);
  const answers = Object.fromEntries(Object.entries(content.answers).filter(([field]) => fresh.has(field)));
  const left = change.gone.map((field): Leftover => ({ field, label: labelOf(field), value: content.answers[field] ?? null }));
  // What comes back into the form takes its answer with it.
  const kept = leftoversOf(content);
  const returned = kept.filter((one) => fresh.has(one.field) && !isAnswered(member(answers, one.field)));
  const rest = kept.filter((one) => !returned.includes(one) && !left.some((other) => other.field === one.field));
  const touched = new Set([...change.moved.map((one) => one.to), ...[...change.otherwise, ...change.added].map((field) => fresh.get(field)?.section ?? '')]);
  const sections = Object.fromEntries(now.sections.flatMap(({ section }) => {
    const state = content.sections[section];
    return state === undefined ? [] : [[section, state === 'done' && touched.has(section) ? ('doing' as const) : state]];
  }));
  return {
    ...content, form: now.form, formDigest: digest, sections, intention: { ...content.intention, rulebook: digest },
    answers: { ...answers, ...Object.fromEntries(returned.map((one) => [one.field, one.value])) },
    notes: { ...content.notes, leftovers: [...rest, ...left] as unknown as Json },
  };
}

export function dropLeftover(content: DraftContent, field: string): DraftContent {
  return { ...content, notes: { ...content.notes, leftovers: leftoversOf(content).filter((one) => one.field !== field) as unknown as Json } };
}
