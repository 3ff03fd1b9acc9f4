// A form as pages: one section a page, and how far each has got. The task list of a draft is made of this.

import { isAnswered, member, type JsonObject } from './json';
import type { Defect, Field, Form } from './model';
import type { Rulebook } from './rulebook';
import { hideAnswers, isRequired, isVisible, validate, type Circumstances } from './validate';

export type PageState = 'todo' | 'doing' | 'done';

export interface PageField {
  field: Field;
  required: boolean;
}

export interface Page {
  section: string;
  fields: PageField[];
  state: PageState;
  /** Defects of this page's fields, as they are now; shown only after the person has said Continue. */
  defects: Defect[];
}

/**
 * The pages that these answers call for: sections without a visible field are left out. A page is completed when it was
 * looked at and nothing in it is wrong; a section that asks for nothing is completed once it was looked at.
 */
export function pagesOf(rules: Rulebook, form: Form, answers: JsonObject, given: Circumstances, seen: ReadonlySet<string>): Page[] {
  const { scope } = hideAnswers(rules, form, answers, given);
  const defects = validate(rules, form, answers, given);
  return form.sections.flatMap((section): Page[] => {
    const fields = section.fields.filter((field) => isVisible(field, scope)).map((field) => ({ field, required: isRequired(field, scope) }));
    if (fields.length === 0) return [];
    const names = new Set(fields.map(({ field }) => field.field));
    const own = defects.filter((defect) => names.has(defect.path.split('.')[0] ?? ''));
    const begun = fields.some(({ field }) => isAnswered(member(scope.answers, field.field)));
    const state: PageState = seen.has(section.section) && own.length === 0 ? 'done' : begun || seen.has(section.section) ? 'doing' : 'todo';
    return [{ section: section.section, fields, state, defects: own }];
  });
}

/** Defects that belong to no visible field: the form does not ask for what they name. */
export function strayDefects(rules: Rulebook, form: Form, answers: JsonObject, given: Circumstances): Defect[] {
  const known = new Set(form.sections.flatMap((section) => section.fields.map((field) => field.field)));
  return validate(rules, form, answers, given).filter((defect) => !known.has(defect.path.split('.')[0] ?? ''));
}
