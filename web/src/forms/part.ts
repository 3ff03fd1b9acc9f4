// Answers on their way out: normal form, then parted into what travels in the act's `d` and what is sealed.

import { isAnswered, isList, isObject, member, type Json, type JsonObject } from './json';
import type { Form } from './model';
import type { Rulebook } from './rulebook';
import { fieldsOfForm, hideAnswers, type Circumstances } from './validate';

export interface Parted {
  /** What the hub sees: the act's `d`, and the same members in the same order in the signed document. */
  routing: JsonObject;
  /** What only the two authorities see. */
  sealed: JsonObject;
  /** Fields that the form hides and that had an answer: the person is told. */
  removed: string[];
}

/** Answers without what the form hides or nobody answered, parted by who may see them; the order is that of the answers. */
export function partAnswers(rules: Rulebook, form: Form, answers: JsonObject, given: Circumstances): Parted {
  const { scope, removed } = hideAnswers(rules, form, answers, given);
  const out: { routing: Record<string, Json>; sealed: Record<string, Json>; removed: string[] } = { routing: {}, sealed: {}, removed };
  const places = new Map(fieldsOfForm(form).map((field) => [field.field, field.in]));
  for (const [name, value] of Object.entries(scope.answers)) {
    const place = places.get(name);
    if (place !== undefined && isAnswered(value)) out[place === 'routing' ? 'routing' : 'sealed'][name] = value;
  }
  return out;
}

/**
 * The normal form of what a person has typed: members in the order of the form, white space at the ends of texts gone,
 * and nothing blank left in groups and lists. What the form does not know is kept, for the check to name it.
 */
export function tidyAnswers(form: Form, answers: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  const names = fieldsOfForm(form).map((field) => field.field);
  const others = Object.keys(answers).filter((name) => !names.includes(name));
  for (const name of [...names, ...others]) {
    const value = tidy(member(answers, name));
    if (value !== undefined) out[name] = value;
  }
  return out;
}

function tidy(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') {
    const text = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '').replaceAll('\r\n', '\n');
    return text === '' ? undefined : text;
  }
  if (isList(value)) {
    const items = value.map(tidy).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (isObject(value)) {
    const members = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
      const kept = tidy(inner);
      return kept === undefined ? [] : [[name, kept]];
    });
    return members.length === 0 ? undefined : Object.fromEntries(members);
  }
  return value ?? undefined;
}
