// The rulebook's own words in the reader's language: labels, hints, codes, reasons, citations. A key without words gives
// the key itself, so that nothing is ever blank.

import { isObject } from './json';
import type { Defect, Field, InnerField } from './model';
import type { Rulebook } from './rulebook';

export class RuleWords {
  constructor(readonly rules: Rulebook, readonly lang: string) {}

  word(key: string): string {
    return this.rules.word(this.lang, key) ?? this.rules.word('en', key) ?? key;
  }
  has(key: string): boolean {
    return this.rules.word(this.lang, key) !== undefined;
  }
  kind(kind: string): string {
    return this.word(`kind.${kind}`);
  }
  /** The state of a thread; its kind is needed because states of two kinds may share a name. */
  state(kind: string, state: string): string {
    return this.word(`state.${kind}.${state}`);
  }
  act(type: string): string {
    return this.word(`act.${type}`);
  }
  clock(clock: string): string {
    return this.word(`clock.${clock}`);
  }
  form(form: string): string {
    return this.word(`form.${form}`);
  }
  section(form: string, section: string): string {
    return this.word(`form.${form}.${section}`);
  }
  /** `path` is "persons" or, with or without the number of the entry, "persons.0.name". */
  field(form: string, path: string): string {
    return this.word(`field.${form}.${withoutIndices(path)}`);
  }
  hint(form: string, path: string): string | undefined {
    return this.rules.word(this.lang, `hint.${form}.${withoutIndices(path)}`);
  }
  code(vocab: string, code: string): string {
    return this.word(`vocab.${vocab}.${code}`);
  }
  /** Why something is refused. A figure that only the hub knows is left out as "…". */
  rule(rule: string): string {
    return this.word(`rule.${rule}`).replace(/\{[a-z_]+\}/g, '…');
  }
  role(role: string): string {
    return this.word(`role.${role}`);
  }
  authorityKind(kind: string): string {
    return this.word(`authority.${kind}`);
  }
  assurance(level: string): string {
    return this.word(`assurance.${level}`);
  }

  /** `uncc.40.15.b` as a jurist writes it: the instrument's name and "40(15)(b)", which is the same in all languages. */
  cite(source: string): { instrument: string; article: string } {
    const dot = source.indexOf('.');
    const instrument = dot < 0 ? source : source.slice(0, dot);
    return { instrument: this.word(`instrument.${instrument}`), article: dot < 0 ? '' : articleOf(source.slice(dot + 1)) };
  }

  /** What is wrong with one answer, in words; the same words in the summary and at the field. */
  defect(defect: Pick<Defect, 'code' | 'params'>): string {
    const rule = defect.params['rule'];
    const key = defect.code === 'check' && typeof rule === 'string' ? `rule.${rule}` : `defect.${defect.code}`;
    let text = this.word(key);
    for (const [name, value] of Object.entries(isObject(defect.params) ? defect.params : {})) text = text.replaceAll(`{${name}}`, String(value));
    return text;
  }
}

function withoutIndices(path: string): string {
  return path.split('.').filter((step) => !/^\d+$/.test(step)).join('.');
}

/** "40.15.b" to "40(15)(b)"; "1.50" stays a section number of two parts; a name ("assistance") is no article. */
export function articleOf(text: string): string {
  const [first, ...rest] = text.split('.');
  if (first === undefined || !/^\d/.test(first)) return '';
  return first + rest.map((part) => `(${part})`).join('');
}

export type AnyField = Field | InnerField;
