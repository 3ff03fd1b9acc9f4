// The rulebook as the desk reads it: the files of the bundle as they are written, looked up by name. The format is
// docs/formats/rulebook.md; the hub has checked the whole folder before it serves it, and the digest ties us to those bytes.

import type { Json } from './json';

/** One object with one member, of a closed vocabulary; see condition.ts. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { equals: [string, Json] }
  | { in: [string, Json[]] }
  | { contains: [string, Json] }
  | { has_role: string }
  | { same_authority: [string, string] }
  | { sealed_to: string }
  | { basis_is: string[] }
  | { within: [string, string] }
  | { before: [string, string] }
  | { ground_in: string[] | string }
  | { count_at_least: [string, number | string] };

export type Format = 'date' | 'date-time' | 'country' | 'email' | 'authority' | 'language' | 'offset' | 'period' | 'basis';

export type Schema =
  | { type: 'string'; minLength?: number; maxLength?: number; format?: Format; vocab?: string }
  | { type: 'integer'; minimum?: number; maximum?: number }
  | { type: 'boolean' }
  | { type: 'array'; items: Schema; minItems?: number; maxItems?: number }
  | { type: 'object'; fields: InnerField[] };

export interface InnerField {
  field: string;
  schema: Schema;
  required?: boolean;
  widget?: string;
  source?: string;
}

export interface Field {
  field: string;
  in: 'routing' | 'sealed';
  schema: Schema;
  required?: boolean | Condition;
  show_if?: Condition;
  widget?: string;
  /** What a desk may put there beforehand: `today`, `authority`, `case.FIELD`, ... */
  prefill?: string;
  source?: string;
  confidence?: string;
}

export interface Section {
  section: string;
  fields: Field[];
}

export interface Check {
  rule: string;
  that: Condition;
  path?: string;
  source?: string;
}

export interface Form {
  form: string;
  source?: string;
  confidence?: string;
  sections: Section[];
  checks?: Check[];
}

export interface Vocab {
  vocab: string;
  source?: string;
  codes: { code: string; source?: string }[];
}

export interface Instrument {
  instrument: string;
  symbol?: string;
  adopted?: string;
  in_force?: string | null;
  enforce_parties?: boolean;
  articles?: string[];
  parties?: { country: string; from: string }[];
  declarations?: { country: string; article: string; code?: string }[];
}

export type By = 'requesting' | 'requested' | 'either' | 'clock';
export type Assurance = 'session' | 'step-up' | 'two-person';
export type Presence = 'required' | 'optional' | 'forbidden';

export interface Transition {
  t: string;
  by: By;
  from: null | string[] | 'any';
  to: string;
  form?: string;
  assurance?: Assurance;
  roles?: string[];
  signers?: { role: string; count: number }[];
  objects?: { doc?: Presence; sum?: Presence; tr?: Presence };
  inform?: string[];
  hand_over?: { party: 'requesting' | 'requested'; field: string };
  require?: Check[];
  starts?: (string | { clock: string; when?: Condition })[];
  stops?: string[];
  extends?: string[];
  urgent?: boolean | Condition;
  source?: string;
}

export interface ClockRule {
  clock: string;
  owner: 'requesting' | 'requested';
  period: string | { until: string; at_least?: string; at_most?: string } | { by: string; periods: Record<string, string>; else: string };
  alarms?: string[];
  lapse?: string;
  source?: string;
}

export interface Kind {
  kind: string;
  source?: string;
  confidence?: string;
  basis?: string[];
  parties: { requesting: string[]; requested: string[] };
  roles?: string[];
  states: { state: string; final?: boolean }[];
  transitions: Transition[];
  clocks?: ClockRule[];
  reactions?: { on: string; from: string[]; to: string; starts?: (string | { clock: string; when?: Condition })[]; stops?: string[]; source?: string }[];
  label?: string[];
  retention?: { after: string; keep: string; source?: string };
}

export interface UseRule {
  article: string;
  enforced_by?: string[];
  by?: string;
}

/** What a form lacks: `path` as in "persons.0.name", `code` as in the hub's errors. */
export interface Defect {
  path: string;
  code: DefectCode;
  params: Record<string, string | number>;
}

export type DefectCode =
  | 'required' | 'unknown' | 'type' | 'too_short' | 'too_long' | 'format'
  | 'vocab' | 'minimum' | 'maximum' | 'too_few' | 'too_many' | 'check';
