// The form engine: answers against a form. The twin of src/rulebook/form.cc; rulebook/examples/forms holds the vectors
// that both must pass. Same codes, same paths, same order.

import { fieldsOf, holds, type Scope } from './condition';
import { fits } from './formats';
import { isAnswered, isList, isObject, member, type Json, type JsonObject } from './json';
import type { Defect, DefectCode, Field, Form, InnerField, Schema } from './model';
import type { Rulebook } from './rulebook';

/** What surrounds the answers: `basis` of the thread (a form that opens one names its own), whose profile, and when. */
export interface Circumstances {
  basis: string;
  profile: JsonObject | null;
  now: number;
}

const kTextMax = 4000;
const kItemsMax = 100;
const kIntegerMax = 2 ** 53;

/** All fields, in the order of the form. */
export function fieldsOfForm(form: Form): Field[] {
  return form.sections.flatMap((section) => section.fields);
}

class Checker {
  readonly defects: Defect[] = [];
  constructor(readonly rules: Rulebook) {}

  defect(path: string, code: DefectCode, params: Defect['params'] = {}): void {
    this.defects.push({ path, code, params });
  }

  check(schema: Schema, value: Json, path: string): void {
    switch (schema.type) {
      case 'string':
        return typeof value === 'string' ? this.#text(schema, value, path) : this.#wrongType(path, 'string');
      case 'boolean':
        return typeof value === 'boolean' ? undefined : this.#wrongType(path, 'boolean');
      case 'integer':
        if (!Number.isInteger(value)) return this.#wrongType(path, 'integer');
        this.#bounds(value as number, schema.minimum ?? -kIntegerMax, schema.maximum ?? kIntegerMax, path, 'minimum', 'maximum');
        return;
      case 'object':
        return isObject(value) ? this.#object(schema.fields, value, path) : this.#wrongType(path, 'object');
      case 'array':
        return isList(value) ? this.#list(schema, value, path) : this.#wrongType(path, 'array');
    }
  }

  #wrongType(path: string, type: string): void {
    this.defect(path, 'type', { type });
  }
  #bounds(size: number, min: number, max: number, path: string, below: DefectCode, above: DefectCode): boolean {
    if (size < min) this.defect(path, below, { min });
    else if (size > max) this.defect(path, above, { max });
    return size >= min && size <= max;
  }
  #text(schema: Extract<Schema, { type: 'string' }>, value: string, path: string): void {
    if (schema.vocab !== undefined) {
      const known = this.rules.vocab(schema.vocab)?.codes.some((code) => code.code === value) ?? false;
      if (!known) this.defect(path, 'vocab', { vocab: schema.vocab });
    } else if (schema.format !== undefined) {
      if (!fits(this.rules, schema.format, value)) this.defect(path, 'format', { format: schema.format });
    } else {
      this.#bounds([...value].length, schema.minLength ?? 1, schema.maxLength ?? kTextMax, path, 'too_short', 'too_long');
    }
  }
  #object(fields: InnerField[], value: JsonObject, path: string): void {
    for (const field of fields) {
      const inner = member(value, field.field);
      if (isAnswered(inner)) this.check(field.schema, inner, `${path}.${field.field}`);
      else if (field.required) this.defect(`${path}.${field.field}`, 'required');
    }
    for (const name of Object.keys(value))
      if (!fields.some((field) => field.field === name)) this.defect(`${path}.${name}`, 'unknown');
  }
  #list(schema: Extract<Schema, { type: 'array' }>, value: readonly Json[], path: string): void {
    if (!this.#bounds(value.length, schema.minItems ?? 0, schema.maxItems ?? kItemsMax, path, 'too_few', 'too_many')) return;
    value.forEach((item, index) => {
      if (isAnswered(item)) this.check(schema.items, item, `${path}.${index}`);
      else this.defect(`${path}.${index}`, 'required');
    });
  }
}

/** Whether the form asks for this field at all. `scope.answers` are without what earlier fields hide. */
export function isVisible(field: Field, scope: Scope): boolean {
  return field.show_if === undefined || holds(field.show_if, scope);
}

export function isRequired(field: Field, scope: Scope): boolean {
  if (field.required === undefined || typeof field.required === 'boolean') return field.required === true;
  return holds(field.required, scope);
}

/** The answers without what the form hides, and the scope in which its conditions hold. */
export interface Shown {
  scope: Scope;
  /** Fields that were hidden and had an answer: the person is told. */
  removed: string[];
}

/** Removes what the form hides, field by field in the order of the form, so that a field hides what depends on it. */
export function hideAnswers(rules: Rulebook, form: Form, answers: JsonObject, given: Circumstances): Shown {
  const shown: Record<string, Json> = { ...answers };
  const fields = fieldsOfForm(form);
  const own = fields.some((field) => field.field === 'basis') ? member(answers, 'basis') : undefined;
  const scope: Scope = { rules, answers: shown, basis: typeof own === 'string' ? own : given.basis, profile: given.profile, now: given.now };
  const removed: string[] = [];
  for (const field of fields) {
    if (isVisible(field, scope) || !Object.hasOwn(shown, field.field)) continue;
    if (isAnswered(shown[field.field])) removed.push(field.field);
    delete shown[field.field];
  }
  return { scope, removed };
}

/** What the answers lack, in the order of the form, checks last; empty when all is well. */
export function validate(rules: Rulebook, form: Form, answers: Json, given: Circumstances): Defect[] {
  const checker = new Checker(rules);
  if (!isObject(answers)) {
    checker.defect('', 'type', { type: 'object' });
    return checker.defects;
  }
  const { scope } = hideAnswers(rules, form, answers, given);
  const fields = fieldsOfForm(form);
  for (const field of fields) {
    const value = member(scope.answers, field.field);
    if (isAnswered(value)) checker.check(field.schema, value, field.field);
    else if (isVisible(field, scope) && isRequired(field, scope)) checker.defect(field.field, 'required');
  }
  for (const name of Object.keys(scope.answers))
    if (!fields.some((field) => field.field === name)) checker.defect(name, 'unknown');
  checkRules(form, scope, checker);
  return checker.defects;
}

/** A check is skipped while a field that it reads has a defect. */
function checkRules(form: Form, scope: Scope, checker: Checker): void {
  const faulty = new Set(checker.defects.map((defect) => defect.path.split('.')[0]));
  for (const check of form.checks ?? []) {
    if (fieldsOf(check.that).some((field) => faulty.has(field))) continue;
    if (!holds(check.that, scope)) checker.defect(check.path ?? '', 'check', { rule: check.rule });
  }
}
